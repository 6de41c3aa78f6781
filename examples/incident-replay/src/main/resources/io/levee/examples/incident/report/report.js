// Reads off one second of every plot. The page says all without this script. It is written without "less than" and
// "ampersand", so that the page stays well-formed XML.
(function () {
  "use strict";
  var runs = JSON.parse(document.getElementById("replay-data").textContent);
  var readout = document.getElementById("readout");
  var slider = document.getElementById("second");
  var figures = document.getElementById("readout-figures");
  var plots = Array.from(document.querySelectorAll("svg.plot"));
  var columns = [["served", "served/s"], ["p50", "p50"], ["p99", "p99"], ["errors", "errors/s"],
    ["running", "queries running"], ["queries", "queries/s"]];
  var longest = runs.reduce(function (one, other) { return other.at.length > one.at.length ? other : one; });

  function nearest(times, seconds) {
    var best = -1;
    times.forEach(function (at, i) {
      if (best === -1 || Math.abs(times[best] - seconds) > Math.abs(at - seconds)) { best = i; }
    });
    return best;
  }

  function clock(seconds) {
    var whole = Math.round(seconds);
    return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
  }

  function cell(row, kind, text, look) {
    var element = document.createElement(kind);
    element.textContent = text;
    if (look) { element.className = "client-name " + look; }
    row.appendChild(element);
    return element;
  }

  function show(index) {
    var at = longest.at[index];
    var title = clock(at) + " " + longest.phase[index];
    var table = document.createElement("table");
    var head = table.insertRow();
    cell(head, "th", title);
    columns.forEach(function (column) {
      var heading = cell(head, "th", column[1]);
      heading.scope = "col";
      heading.className = "number aside of-" + column[0];
    });
    var spoken = [title];
    runs.forEach(function (run) {
      var i = nearest(run.at, at);
      var known = i !== -1 ? 1.5 > Math.abs(run.at[i] - at) : false;
      var row = table.insertRow();
      cell(row, "th", run.name, run.look).scope = "row";
      columns.forEach(function (column) {
        cell(row, "td", known ? run[column[0]][i] : "–").className = "number of-" + column[0];
      });
      if (known) { spoken.push(run.name + " served " + run.served[i] + " a second, p99 " + run.p99[i]); }
    });
    figures.replaceChildren(table);
    slider.value = index;
    slider.setAttribute("aria-valuetext", spoken.join("; "));
    plots.forEach(function (plot) { crosshair(plot, at); });
  }

  function crosshair(plot, at) {
    var line = plot.querySelector(".crosshair");
    if (!line) {
      line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("class", "crosshair");
      plot.appendChild(line);
    }
    var d = plot.dataset;
    var x = Number(d.left) + Number(d.span) * at / Number(d.seconds);
    line.setAttribute("d", "M" + x + " " + d.top + "V" + d.bottom);
  }

  function point(event) {
    var plot = event.currentTarget;
    var d = plot.dataset;
    var box = plot.getBoundingClientRect();
    var x = (event.clientX - box.left) * Number(d.width) / box.width;
    show(nearest(longest.at, (x - Number(d.left)) * Number(d.seconds) / Number(d.span)));
  }

  slider.max = longest.at.length - 1;
  slider.addEventListener("input", function () { show(Number(slider.value)); });
  plots.forEach(function (plot) {
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
  });
  readout.hidden = false;

  // Paper cannot unfold anything.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
}());
