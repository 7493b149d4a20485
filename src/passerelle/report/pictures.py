"""The report's figures: its numbers put into plots, drawn for a page and for a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from passerelle.core.agreement import Agreement
from passerelle.report.bar_plots import Bar, MonthBar, bars, by_month
from passerelle.report.drawing import draw
from passerelle.report.figures import count, month, points, share, signed
from passerelle.report.gathering import Numbers
from passerelle.report.log_numbers import LogNumbers
from passerelle.report.marks import NARROW, WIDE, Drawn
from passerelle.report.matrix_plot import MatrixWords, crossed
from passerelle.report.naming import field_label, level_label, rule_label, stage_label
from passerelle.report.palette import BAD, FILLED, GOOD, UNREAD, stage_colours
from passerelle.report.total_plot import SpreadWords, spread_of_total
from passerelle.words import Language, say

MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class Picture:
    """One plot in two widths; the page shows the one that fits."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class Artist:
    """Draws the plots of one report in its language."""

    agreement: Agreement
    numbers: Numbers
    language: Language

    def pictures(self) -> dict[str, Picture]:
        """Every plot that there are numbers for, by the section it stands in."""
        return {name: self._picture(name, drawn) for name, drawn in self._plots()}

    def _plots(self) -> Iterator[tuple[str, Drawn]]:
        if not self.numbers.stages.leads:
            return
        yield "stages", bars(list(self._stage_bars()))
        if self.numbers.spread is not None:
            yield "scores", spread_of_total(self.numbers.spread, self._spread_words())
        if self.numbers.matrix is not None:
            yield "matrix", crossed(self.numbers.matrix, self._matrix_words())
        if weighing := list(self._rule_bars()):
            yield "rules", bars(weighing)
        if fields := list(self._field_bars()):
            yield "fields", bars(fields)
        if self.numbers.log.n:
            title = say("report.events.axis", self.language)
            yield "events", by_month(list(self._months(self.numbers.log)), title=title)

    def _picture(self, name: str, drawn: Drawn) -> Picture:
        wide, narrow = (
            draw(drawn(width), name=f"{name}-{width}", language=self.language)
            for width in (WIDE, NARROW)
        )
        return Picture(wide, narrow)

    def _stage_bars(self) -> Iterator[Bar]:
        stages = self.numbers.stages
        colours = stage_colours(stages)
        for one in (*reversed(stages.rungs), *stages.aside):
            label = stage_label(self.agreement, one.key, self.language)
            n, part = count(one.n, self.language), share(one.n, stages.leads, self.language)
            told = say(
                "report.stages.told", self.language, n=one.n, stage=label, count=n, share=part
            )
            yield Bar(label, one.n, f"{n} · {part}", told, colours[one.key])

    def _spread_words(self) -> SpreadWords:
        stages = self.numbers.stages
        labels = {
            one.key: stage_label(self.agreement, one.key, self.language)
            for one in (*stages.aside[::-1], *stages.rungs)
        }
        spread = self.numbers.spread
        assert spread is not None

        def told(low: float, stage: str, n: int) -> str:
            return say(
                "report.scores.told",
                self.language,
                low=points(low, self.language),
                high=points(low + spread.width, self.language),
                stage=labels[stage],
                n=n,
                count=count(n, self.language),
            )

        return SpreadWords(
            total=say("report.scores.axis_total", self.language),
            leads=say("report.scores.axis_leads", self.language),
            stages=labels,
            colours=stage_colours(stages),
            told=told,
            said=lambda n: count(n, self.language),
            line=lambda at: points(at, self.language),
        )

    def _matrix_words(self) -> MatrixWords:
        matrix = self.numbers.matrix
        assert matrix is not None
        rows, columns = (level_label(key, self.language) for key in (matrix.rows, matrix.columns))

        def told(row: str, column: str, n: int) -> str:
            return say(
                "report.scores.matrix_told",
                self.language,
                rows=rows,
                row=row,
                columns=columns,
                column=column,
                n=n,
                count=count(n, self.language),
                share=share(n, self.numbers.stages.leads, self.language),
            )

        return MatrixWords(rows, columns, lambda n: count(n, self.language), told)

    def _rule_bars(self) -> Iterator[Bar]:
        leads = self.numbers.stages.leads
        means = {one.key: one.held * (one.weight or 0.0) / leads for one in self.numbers.rules}
        heard = [one for one in self.numbers.rules if one.share]
        heard.sort(key=lambda rule: -abs(means[rule.key]))
        for rule in heard[:MOST_RULES]:
            label, mean = rule_label(self.agreement, rule.key, self.language), means[rule.key]
            told = say(
                "report.rules.told",
                self.language,
                rule=label,
                points=signed(mean, self.language),
                n=rule.counts,
                count=count(rule.counts, self.language),
                share=share(rule.counts, leads, self.language),
            )
            colour = GOOD if mean >= 0 else BAD
            yield Bar(label, mean, signed(mean, self.language), told, colour)

    def _field_bars(self) -> Iterator[Bar]:
        leads = self.numbers.stages.leads
        for field in self.numbers.fields:
            label = field_label(field.name, self.language)
            part = share(field.filled, leads, self.language)
            told = say(
                "report.fields.told",
                self.language,
                field=label,
                n=count(field.filled, self.language),
                leads=count(leads, self.language),
                share=part,
            )
            colour = FILLED if field.role == "read" else UNREAD
            yield Bar(label, field.filled / leads, part, told, colour)

    def _months(self, log: LogNumbers) -> Iterator[MonthBar]:
        for start in log.months:
            label = month(start, self.language)
            for order, is_read in enumerate((True, False)):
                n = sum(e.months.get(start, 0) for e in log.events if e.is_read is is_read)
                key = "report.events.told" if is_read else "report.events.told_unread"
                told = say(key, self.language, n=n, month=label, count=count(n, self.language))
                yield MonthBar(label, n, order, told, FILLED if is_read else UNREAD)
