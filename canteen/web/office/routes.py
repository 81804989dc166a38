"""Routes under /office: civil affairs, subdistricts, communities, auditors; managers for their own month."""

from litestar import Router
from litestar.di import Provide

from canteen.web.office import (
    audit,
    enrol,
    home,
    imports,
    merges,
    months,
    orders,
    people_export,
    residence,
    resident_changes,
    residents,
    rules,
    spend,
)
from canteen.web.office.desk import office_desk

router = Router(
    "/office",
    route_handlers=[
        home.home,
        residents.residents,
        enrol.enrol_page,
        enrol.enrol,
        people_export.export,
        residence.residence,
        residence.seen,
        merges.merges,
        merges.propose,
        merges.decide,
        residents.one_resident,
        resident_changes.reveal,
        resident_changes.residence,
        resident_changes.status,
        resident_changes.category,
        resident_changes.withdraw,
        resident_changes.card,
        resident_changes.card_report,
        resident_changes.consent,
        resident_changes.diet,
        spend.spend_page,
        months.this_month,
        months.one_month,
        months.canteen_month,
        months.canteen_csv,
        orders.one_order,
        rules.rules_page,
        rules.rule_set,
        audit.audit,
        imports.import_start,
        imports.import_check,
        imports.import_template,
        imports.import_current,
        imports.import_batch,
        imports.import_apply,
        imports.import_drop,
    ],
    dependencies={"desk": Provide(office_desk)},
)
