"""The catalog: products with their texts, attributes, variants, media and publication, and the tree they hang in."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.commerce.catalog import commands, queries
from samband.commerce.catalog.refusals import MediaTooLarge
from samband.commerce.catalog.views import CategoryNode
from samband.kernel.clock import now
from samband.kernel.languages import pick
from samband.kernel.refusal import Refusal

from .. import reading, state_words
from ..doors import me, opens
from ..pages import Done, answer, page, words_for
from ..product_form import ProductForm

LARGEST_BYTES = 20 * 1024 * 1024
CHANNELS = tuple(state_words.CHANNELS)


@dataclass(frozen=True)
class Branch:
    """A category in a flat list: how deep it lies in the tree."""

    node: CategoryNode
    depth: int


@opens("catalog")
def products(request: HttpRequest) -> HttpResponse:
    """Products, the latest change first, or those that match."""
    text, number = reading.asked(request), reading.page_number(request)
    found = queries.console_products(text, number)
    return page(
        request,
        "products.html",
        q=text,
        number=number,
        found=found,
        more=number * queries.PER_PAGE < found.total,
        names={branch.node.slug: branch.node.names for branch in _branches()},
    )


@opens("catalog", change=True)
def new_product(request: HttpRequest) -> HttpResponse:
    """The form for a product that is not there yet."""
    definitions = queries.attributes()

    def show(refusal: Refusal | None = None) -> HttpResponse:
        form = ProductForm.sent(request.POST, definitions) if request.method == "POST" else ProductForm().with_blanks()
        return _product_page(request, None, form, refusal)

    def save(request: HttpRequest) -> Done:
        key = reading.key(request)
        # The product takes its id from the form, so that the form sent twice makes one product.
        draft = ProductForm.sent(request.POST, definitions).draft(reading.as_uuid(key), words_for(me(request)))
        made = commands.save_product(draft, key=key)
        return Done(_("The product is there."), reverse("console:product", args=[made.product_id]))

    if request.method == "POST" and request.POST.get("deed") == "more":
        return _product_page(request, None, ProductForm.sent(request.POST, definitions).with_blanks(), None)
    return answer(request, show, {"save": save})


@opens("catalog")
def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """One product with everything about it."""
    definitions = queries.attributes()
    queries.product_by_id(product_id)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        if refusal and request.POST.get("deed") == "save":
            return _product_page(request, product_id, ProductForm.sent(request.POST, definitions), refusal)
        form = ProductForm.kept(queries.product_by_id(product_id), definitions)
        return _product_page(request, product_id, form, refusal)

    def save(request: HttpRequest) -> Done:
        draft = ProductForm.sent(request.POST, definitions).draft(product_id, words_for(me(request)))
        commands.save_product(draft, key=reading.key(request))
        return Done(_("The product is saved."))

    def publish(request: HttpRequest) -> Done:
        given, zone = request.POST, words_for(me(request)).zone
        commands.publish(
            product_id,
            reading.chosen(given, "channel", CHANNELS),
            reading.moment(given, "visible_from", zone),
            reading.moment(given, "visible_until", zone),
            key=reading.key(request),
        )
        return Done(_("The product is published."))

    def withdraw(request: HttpRequest) -> Done:
        channel = reading.needed(request.POST, "channel", 64)
        commands.withdraw(product_id, channel, key=reading.key(request))
        return Done(_("The product is withdrawn."))

    def attach(request: HttpRequest) -> Done:
        _attach(request, product_id)
        return Done(_("The file is there."))

    def detach(request: HttpRequest) -> Done:
        commands.detach_media(product_id, reading.uuid(request.POST, "media"), key=reading.key(request))
        return Done(_("The file is taken away."))

    if request.method == "POST" and request.POST.get("deed") == "more":
        return _product_page(request, product_id, ProductForm.sent(request.POST, definitions).with_blanks(), None)
    deeds = {"save": save, "publish": publish, "withdraw": withdraw, "attach": attach, "detach": detach}
    return answer(request, show, deeds)


def _attach(request: HttpRequest, product_id: UUID) -> None:
    given, file = request.POST, request.FILES.get("file")
    if file is None or not file.name:
        raise reading.NotRead(field="file", want="something")
    if (file.size or 0) > LARGEST_BYTES:
        raise MediaTooLarge(most_bytes=LARGEST_BYTES)
    kind = "model3d" if file.name.lower().endswith(".glb") else "image"
    alts = reading.texts(given, "alts", 200)
    sku = reading.text(given, "sku", 64) or None
    commands.attach_media(product_id, kind, file.read(), file.name, alts, sku, key=reading.key(request))


def _product_page(
    request: HttpRequest, product_id: UUID | None, form: ProductForm, refusal: Refusal | None
) -> HttpResponse:
    words = words_for(me(request))
    definitions = queries.attributes()
    used = {told.definition.code for told in form.attributes} | {one.code for one in form.apart}
    return page(
        request,
        "product.html",
        refusal=refusal,
        words=words,
        form=form,
        one=queries.product_by_id(product_id) if product_id else None,
        branches=_branches(),
        unused=sorted(
            (one for code, one in definitions.items() if code not in used), key=lambda one: words.text(one.names)
        ),
        channels=CHANNELS,
        vat_classes=tuple(state_words.VAT_CLASSES),
        shipping_classes=tuple(dict.fromkeys([*state_words.SHIPPING_CLASSES, form.shipping_class])),
        now=now(),
    )


@opens("catalog")
def categories(request: HttpRequest) -> HttpResponse:
    """The tree, and the form for one more branch."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "categories.html", refusal=refusal, branches=_branches())

    def save(request: HttpRequest) -> Done:
        slug = reading.needed(request.POST, "slug", 200)
        _save_category(request, slug)
        return Done(_("The category is there."))

    return answer(request, show, {"save": save})


@opens("catalog")
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One category."""
    node, _way = queries.category(slug)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "category.html", refusal=refusal, node=node, branches=_branches())

    def save(request: HttpRequest) -> Done:
        _save_category(request, slug)
        return Done(_("The category is changed."))

    def remove(request: HttpRequest) -> Done:
        commands.remove_category(slug)
        return Done(
            _("The category %(name)s is gone.") % {"name": pick(node.names, me(request).language)},
            reverse("console:categories"),
        )

    return answer(request, show, {"save": save, "remove": remove})


def _save_category(request: HttpRequest, slug: str) -> None:
    given = request.POST
    commands.save_category(
        slug,
        reading.text(given, "parent", 200) or None,
        reading.texts(given, "names", 200),
        reading.texts(given, "texts"),
        reading.maybe_whole(given, "position", 0, 100_000) or 0,
    )


def _branches() -> list[Branch]:
    def walk(nodes: tuple[CategoryNode, ...], depth: int) -> Iterator[Branch]:
        for node in nodes:
            yield Branch(node, depth)
            yield from walk(node.children, depth + 1)

    return list(walk(queries.tree(), 0))
