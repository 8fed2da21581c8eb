"""The addresses of the console; each is a page of the table in `console.permissions`."""

from django.urls import URLPattern, path

from console.permissions import View, guarded
from console.views import (
    account,
    acknowledge,
    alert,
    alerts,
    case,
    cases,
    contacts,
    coverage,
    file_import,
    findings,
    health,
    imports,
    language,
    mailbox,
    missing,
    password,
    registry,
    session,
    sheet,
    start,
    suspect,
    unit,
)


def page(route: str, view: View, name: str) -> URLPattern:
    """A route whose view is opened by the roles of the table, by no others."""
    return path(route, guarded(name, view), name=name)


urlpatterns = [
    page("", start.show, "start"),
    page("cases/", cases.index, "cases"),
    page("cases/<int:pk>/", case.show, "case"),
    page("cases/<int:pk>/decide/", case.decide, "decide"),
    page("cases/<int:pk>/countersign/", case.countersign, "countersign"),
    page("cases/<int:pk>/advance/", case.advance, "advance"),
    page("cases/<int:pk>/sheet/", sheet.show, "sheet"),
    page("suspects/<int:pk>/", suspect.show, "suspect"),
    page("alerts/", alerts.index, "alerts"),
    page("alerts/<int:pk>/", alert.show, "alert"),
    page("alerts/<int:pk>/acknowledge/", alert.acknowledge_here, "ack_here"),
    page("deliveries/<slug:key>/resend/", alert.resend, "resend"),
    page("acknowledge/<str:token>/", acknowledge.show, "acknowledge"),
    page("contacts/", contacts.index, "contacts"),
    page("imports/", imports.index, "imports"),
    page("imports/registry/", imports.registry, "bring_registry"),
    page("imports/contacts/", imports.contacts, "bring_contacts"),
    page("imports/observations/", imports.observations, "bring_observations"),
    page("imports/<uuid:key>/", file_import.show, "import"),
    page("imports/<uuid:key>/again/", file_import.again, "import_again"),
    page("imports/<uuid:key>/take/", file_import.take, "import_take"),
    page("imports/<uuid:key>/withdraw/", file_import.withdraw, "import_withdraw"),
    page("imports/<uuid:key>/reasons/", file_import.reasons, "import_reasons"),
    page("registry/", registry.index, "registry"),
    page("registry/export/", registry.export, "registry_export"),
    page("registry/missing/", missing.index, "missing"),
    page("registry/units/<int:pk>/", unit.show, "unit"),
    page("registry/accounts/<int:pk>/", account.show, "account"),
    page("mailbox/", mailbox.index, "mailbox"),
    page("findings/", findings.index, "findings"),
    page("coverage/", coverage.index, "coverage"),
    page("sign-in/", session.sign_in, "sign_in"),
    page("sign-out/", session.sign_out, "sign_out"),
    page("password/", password.change, "password"),
    page("language/", language.choose, "language"),
    page("health", health.show, "health"),
]
