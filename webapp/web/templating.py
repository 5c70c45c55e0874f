"""How templates find the macros and the token they share, and what of those is written once."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from types import FunctionType, MethodType
from typing import Any, Final

from flask import Flask, current_app, session
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, new_context

from webapp.web.locale import kept_by_language

KEPT = "KEPT"
"""A file of macros names in ``KEPT`` those whose markup follows from their arguments alone."""
_PLAIN: Final = (FunctionType, MethodType)
"""Functions without marks of their own, such as Jinja's for those that want the context."""
_EACH = 1024
"""So many different calls of a macro are kept; arguments with many values are not worth it."""
_TOKENS: Final = "matxanh_tokens"


class PageContext(Context):
    """What a template sees; plain functions are called as they are.

    Jinja looks four times whether what it calls wants the context, which no plain function of ours
    does: a page calls sixty.
    """

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        if type(called) not in _PLAIN or called.__dict__:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class PageTemplate(Template):
    """A template whose macros other templates import.

    Jinja asks at every import which names of the importing template the imported one lacks, name
    by name through a chain of mappings: a tenth of a page. Here it is one difference of sets.
    """

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # named by Jinja
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        """The context of one rendering, with the globals as one mapping.

        Jinja keeps those of a template before those of all in a chain, which it goes through name
        by name for each page and each panel.
        """
        every = {**self.environment.globals, **_own(self.globals)}
        return new_context(self.environment, self.name, self.blocks, vars, shared, every, locals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        lacking = ctx.globals_keys.difference(self.globals) if ctx is not None else ()
        if ctx is not None and lacking:
            return self.make_module({name: ctx.parent[name] for name in lacking})
        if self._module is None:
            self._module = _with_kept(self.make_module())
        return self._module


def _own(known: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The globals that a template has for itself."""
    return known.maps[0] if isinstance(known, ChainMap) else known


def _with_kept(module: TemplateModule) -> TemplateModule:
    """Its macros, those that it names in ``KEPT`` written once for the same arguments."""
    for name in getattr(module, KEPT, ()):
        setattr(module, name, kept_by_language(getattr(module, name), _EACH))
    return module


def csrf_token() -> str:
    """The token of the forms of a page, signed once for a session.

    Flask-WTF would sign it anew at each request, with the moment in it that we do not ask for.
    """
    known: dict[str, str] = current_app.extensions.setdefault(_TOKENS, {})
    signed = known.get(session.get("csrf_token", ""))
    if signed is not None:
        return signed
    signed = str(generate_csrf())
    if len(known) >= _EACH:
        known.clear()
    if "csrf_token" in session:  # else it was made for another page of the same context
        known[session["csrf_token"]] = signed
    return signed


def init_templating(app: Flask) -> None:
    """Make templates of this kind. Comes after Flask-WTF, whose token it gives."""
    app.jinja_env.template_class = PageTemplate
    app.jinja_env.context_class = PageContext
    app.jinja_env.globals["csrf_token"] = csrf_token
