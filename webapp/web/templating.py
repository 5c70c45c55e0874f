"""How templates find the macros they share."""

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context


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
            self._module = self.make_module()
        return self._module


def init_templating(app: Flask) -> None:
    """Make templates of this kind."""
    app.jinja_env.template_class = PageTemplate
