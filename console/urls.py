"""The addresses of the console; each is a page of the table in `console.permissions`."""

from django.urls import URLPattern, path

from console.permissions import View, guarded
from console.views import coverage, findings, health, language, password, session, start, suspects


def page(route: str, view: View, name: str) -> URLPattern:
    """A route whose view is opened by the roles of the table, by no others."""
    return path(route, guarded(name, view), name=name)


urlpatterns = [
    page("", start.show, "start"),
    page("suspects/", suspects.index, "suspects"),
    page("suspects/<int:pk>/", suspects.show, "suspect"),
    page("findings/", findings.index, "findings"),
    page("coverage/", coverage.index, "coverage"),
    page("sign-in/", session.sign_in, "sign_in"),
    page("sign-out/", session.sign_out, "sign_out"),
    page("password/", password.change, "password"),
    page("language/", language.choose, "language"),
    page("health", health.show, "health"),
]
