"""The look of Gradio's own parts: system fonts and calm colours. `static/ui.css` does the rest."""

from __future__ import annotations

import gradio as gr

_INK, _PAPER, _LINE, _BRAND = "#1d2a33", "#ffffff", "#75828b", "#0b5a7a"
_INK_DARK, _PAPER_DARK, _LINE_DARK, _BRAND_DARK = "#e8edf0", "#12191e", "#8b98a1", "#8fd0ee"


def page_theme() -> gr.themes.Base:
    """A theme that loads no font file: bundled bold fonts hold no Latin letters."""
    fonts = [gr.themes.Font(name) for name in ("Arial", "Liberation Sans", "sans-serif")]
    theme = gr.themes.Base(
        font=fonts,
        font_mono=[gr.themes.Font("monospace")],
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_md,
        spacing_size=gr.themes.sizes.spacing_lg,
    )
    return theme.set(
        body_background_fill="#f4f6f7",
        body_background_fill_dark=_PAPER_DARK,
        body_text_color=_INK,
        body_text_color_dark=_INK_DARK,
        body_text_color_subdued="#46545d",
        body_text_color_subdued_dark="#b6c1c8",
        background_fill_primary=_PAPER,
        background_fill_primary_dark="#182127",
        background_fill_secondary=_PAPER,
        background_fill_secondary_dark="#182127",
        block_background_fill=_PAPER,
        block_background_fill_dark="#182127",
        block_border_width="0px",
        block_label_text_color=_INK,
        block_label_text_color_dark=_INK_DARK,
        block_title_text_color=_INK,
        block_title_text_color_dark=_INK_DARK,
        block_title_text_weight="700",
        input_background_fill=_PAPER,
        input_background_fill_dark=_PAPER_DARK,
        input_border_color=_LINE,
        input_border_color_dark=_LINE_DARK,
        input_border_width="2px",
        input_placeholder_color="#56646d",
        input_placeholder_color_dark="#a3b0b8",
        link_text_color=_BRAND,
        link_text_color_dark=_BRAND_DARK,
        link_text_color_hover="#083f56",
        link_text_color_hover_dark="#c3e7f7",
        link_text_color_visited=_BRAND,
        link_text_color_visited_dark=_BRAND_DARK,
        button_primary_background_fill=_BRAND,
        button_primary_background_fill_dark=_BRAND_DARK,
        button_primary_background_fill_hover="#083f56",
        button_primary_background_fill_hover_dark="#c3e7f7",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#0d1418",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#182127",
        button_secondary_background_fill_hover="#e6f0f5",
        button_secondary_background_fill_hover_dark="#22303a",
        button_secondary_border_color=_LINE,
        button_secondary_border_color_dark=_LINE_DARK,
        button_secondary_text_color=_BRAND,
        button_secondary_text_color_dark=_BRAND_DARK,
    )
