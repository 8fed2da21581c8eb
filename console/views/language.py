"""The switch between Chinese and English; works before sign-in too."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep POST `language` in a cookie and go back to POST `next`, if that is a page of this server."""
    return set_language(request)
