"""How templates find the macros they share, and which of those are written once."""

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from webapp.web.locale import kept_by_language

KEPT = "KEPT"
"""A file of macros names in ``KEPT`` those whose markup follows from their arguments alone."""
_EACH = 1024
"""So many different calls of a macro are kept; arguments with many values are not worth it."""


class PageTemplate(Template):
    """A template whose macros other templates import.

    Jinja asks at every import which names of the importing template the imported one lacks, name
    by name through a chain of mappings: a tenth of a page. Here it is one difference of sets.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        lacking = ctx.globals_keys.difference(self.globals) if ctx is not None else ()
        if ctx is not None and lacking:
            return self.make_module({name: ctx.parent[name] for name in lacking})
        if self._module is None:
            self._module = _with_kept(self.make_module())
        return self._module


def _with_kept(module: TemplateModule) -> TemplateModule:
    """Its macros, those that it names in ``KEPT`` written once for the same arguments."""
    for name in getattr(module, KEPT, ()):
        setattr(module, name, kept_by_language(getattr(module, name), _EACH))
    return module


def init_templating(app: Flask) -> None:
    """Make templates of this kind."""
    app.jinja_env.template_class = PageTemplate
