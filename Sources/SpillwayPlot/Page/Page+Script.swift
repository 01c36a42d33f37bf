extension Page {
    /// Shows a line across a chart and the values there: under the pointer, or by the arrow keys.
    static let script = #"""
        "use strict";
        for (const figure of document.querySelectorAll("figure[tabindex]")) {
          const svg = figure.querySelector("svg"), box = figure.querySelector(".readout");
          const chart = JSON.parse(figure.querySelector("script").textContent);
          // The browser would show it over the values.
          svg.setAttribute("aria-label", svg.querySelector("title").textContent);
          svg.querySelector("title").remove();
          const cursor = svg.appendChild(document.createElementNS(svg.namespaceURI, "line"));
          cursor.setAttribute("class", "cursor");
          let shown = -1;

          const spelled = value => {
            const [size, suffix] = chart.unit.find(([size]) => value >= size * chart.threshold) ?? chart.unit.at(-1);
            const scaled = value / size;
            return Number(scaled >= 1000 ? scaled.toFixed(0) : scaled.toPrecision(3)) + suffix;
          };
          const time = step => {
            const text = new Date(chart.startMs + step * chart.stepMs).toISOString().replace("T", " ");
            return text.slice(0, chart.stepMs % 60000 == 0 ? 16 : chart.stepMs % 1000 == 0 ? 19 : 23) + " UTC";
          };
          const row = (table, color, name, value) => {
            const line = table.insertRow(), cell = line.insertCell();
            if (color) cell.appendChild(document.createElement("i")).style.background = color;
            cell.append(name);
            line.insertCell().textContent = value === null ? "–" : spelled(value);
          };
          const show = step => {
            shown = Math.min(Math.max(step, 0), chart.count - 1);
            const x = chart.left + (shown + 0.5) / chart.count * chart.width;
            for (const [name, value] of [["x1", x], ["x2", x], ["y1", chart.top], ["y2", chart.bottom]])
              cursor.setAttribute(name, value);
            const head = document.createElement("strong"), table = document.createElement("table");
            head.textContent = time(shown);
            let total = 0;
            for (const series of chart.series) {
              const value = series.values[shown];
              total += value ?? 0;
              const color = getComputedStyle(svg.querySelector("rect." + series.color) ?? svg).fill;
              row(table, color, series.name, value);
            }
            if (chart.hasTotal) row(table, null, "Total", total);
            box.replaceChildren(head, table);
            box.hidden = false;
            const scale = svg.getBoundingClientRect().width / chart.natural;
            const isLate = x > chart.left + chart.width / 2;
            box.style.left = isLate ? "" : (x + 14) * scale + "px";
            box.style.right = isLate ? (chart.natural - x + 14) * scale + "px" : "";
            cursor.style.display = "";
          };
          const hide = () => { box.hidden = true; cursor.style.display = "none"; shown = -1; };

          if (chart.count > 0) {
            svg.addEventListener("pointermove", event => {
              const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
              const step = Math.floor((at.x - chart.left) / chart.width * chart.count);
              if (step < 0 || step >= chart.count) hide(); else show(step);
            });
            svg.addEventListener("pointerleave", hide);
            figure.addEventListener("blur", hide);
            figure.addEventListener("keydown", event => {
              const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
              if (move === undefined) return;
              event.preventDefault();
              show(shown < 0 ? Math.floor(chart.count / 2) : shown + move);
            });
          }
        }

        """#
}
