/* Draws the district on the Leaflet map that the page made. Names from outside go into the DOM
   as text only. */
"use strict";

(() => {
  const page = window.cityPatrol;
  const READY_MS = 50;
  const CAMERAS_MS = 60000;
  const CELLS_MS = 300000;
  const MOST_LABELS = 400;
  const MOST_NAMED_CAMERAS = 60;
  const FOCUS_ZOOM = 17.5;
  const FULL_CODE_ZOOM = 17;
  const SHORT_CODE_ZOOM = 15.5;
  const NAME_ZOOM = 16.25;
  /* Where along a street its name stands, and how far down in a cell its code. */
  const NAME_AT = 0.3;
  const CODE_AT = 0.17;
  /* A map that somebody moved goes back to the whole district after this. */
  const IDLE_MS = 60000;
  const SEVERITIES = ["low", "medium", "high", "critical"];

  const state = { map: null, options: {}, events: new Map(), layers: {}, contents: {} };
  const waiting = [];

  /* Elements from names of classes and texts; never from HTML. */
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const icon = (className, size, ...children) => {
    const holder = element("div", "icon-holder");
    holder.append(...children);
    return L.divIcon({ className, html: holder, iconSize: [size, size] });
  };

  const whenReady = (act) => (state.map === null ? waiting.push(act) : act());

  const attach = (elementId, options) => {
    state.options = options;
    const map = window.getElement?.(elementId)?.map;
    if (map === undefined || window.L === undefined) {
      setTimeout(() => attach(elementId, options), READY_MS);
      return;
    }
    start(map);
  };

  const start = (map) => {
    state.map = map;
    for (const [name, order] of [["base", 210], ["cells", 220], ["zones", 230], ["labels", 240]]) {
      map.createPane(name).style.zIndex = order;
    }
    map.getPane("labels").style.pointerEvents = "none";
    L.control.zoom({ position: "bottomright" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
    if (state.options.tileUrl) L.tileLayer(state.options.tileUrl, { maxZoom: 20 }).addTo(map);
    map.on("zoomend", markZoom);
    map.on("mousedown wheel zoomstart dragstart popupopen", goBackLater);
    new ResizeObserver(() => map.invalidateSize()).observe(map.getContainer());
    waiting.splice(0).forEach((act) => act());
    void load();
  };

  const load = async () => {
    if (state.options.baseMapUrl) await keep("base", state.options.baseMapUrl, drawBase);
    await keep("cells", "/v1/grids", drawCells);
    await keep("cameras", "/v1/cameras.geojson", drawCameras);
    fit();
    markZoom();
    setInterval(() => void keep("cells", "/v1/grids", drawCells), CELLS_MS);
    setInterval(() => void keep("cameras", "/v1/cameras.geojson", drawCameras), CAMERAS_MS);
  };

  /* Fetch and draw anew if the content is another; an API that is away is asked again later. */
  const keep = async (name, address, draw) => {
    try {
      const answer = await fetch(address, { cache: "no-cache" });
      if (!answer.ok) return;
      const found = await answer.json();
      const content = JSON.stringify(found, (key, value) =>
        key === "last_preview_at" ? undefined : value);
      if (content === state.contents[name]) return;
      state.contents[name] = content;
      state.layers[name]?.remove();
      state.layers[name] = L.layerGroup(draw(found.features ?? [])).addTo(state.map);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  };

  const fit = () => {
    const bounds = L.latLngBounds([]);
    const within = state.layers.cells?.getLayers().length ? "cells" : "cameras";
    state.layers[within]?.eachLayer((layer) => {
      bounds.extend(layer.getBounds?.() ?? layer.getLatLng());
    });
    if (bounds.isValid()) state.map.fitBounds(bounds, { padding: [14, 14], maxZoom: 18, animate: false });
  };

  const goBackLater = () => {
    clearTimeout(state.goBack);
    state.goBack = setTimeout(() => {
      state.map.closePopup();
      fit();
      clearTimeout(state.goBack);
    }, IDLE_MS);
  };

  const markZoom = () => {
    const zoom = state.map.getZoom();
    const names = state.map.getContainer().classList;
    names.toggle("shows-full-codes", zoom >= FULL_CODE_ZOOM);
    names.toggle("shows-short-codes", zoom >= SHORT_CODE_ZOOM && zoom < FULL_CODE_ZOOM);
    names.toggle("shows-names", zoom >= NAME_ZOOM);
  };

  const point = ([lon, lat]) => [lat, lon];
  const still = { interactive: false, keyboard: false };

  const label = (position, className, ...children) =>
    L.marker(position, { ...still, pane: "labels", icon: icon(className, 0, ...children) });

  const drawBase = (features) => features.flatMap((feature) => {
    const { kind, name_zh: chinese, name_en: english } = feature.properties ?? {};
    const shape = L.geoJSON(feature, {
      ...still, pane: "base", style: { className: `base base-${/^[a-z]+$/.test(kind) ? kind : "street"}` },
    });
    const name = page.language.startsWith("zh") ? chinese : english;
    return name ? [shape, nameOf(feature, shape, name, kind)] : [shape];
  });

  const nameOf = (feature, shape, name, kind) => {
    const text = element("span", `base-name base-name-${kind}`, name);
    if (feature.geometry.type !== "LineString") {
      return label(shape.getBounds().getCenter(), "base-label", text);
    }
    const line = feature.geometry.coordinates;
    const at = Math.max(1, Math.floor(line.length * NAME_AT));
    const [[x0, y0], [x1, y1]] = [line[at - 1], line[at]];
    const across = (x1 - x0) * Math.cos((y0 * Math.PI) / 180);
    let angle = (-Math.atan2(y1 - y0, across) * 180) / Math.PI;
    if (angle > 90 || angle <= -90) angle += 180;
    text.style.transform = `translate(-50%, -50%) rotate(${angle.toFixed(1)}deg)`;
    return label([(y0 + y1) / 2, (x0 + x1) / 2], "base-label", text);
  };

  const drawCells = (features) => features.flatMap((feature) => {
    const cell = L.geoJSON(feature, { ...still, pane: "cells", style: { className: "cell" } });
    if (features.length > MOST_LABELS) return [cell];
    const code = String(feature.properties.unit_grid);
    const bounds = cell.getBounds();
    const down = bounds.getNorth() - CODE_AT * (bounds.getNorth() - bounds.getSouth());
    return [cell, label(
      [down, bounds.getCenter().lng], "cell-label",
      element("span", "code-full", code), element("span", "code-short", code.slice(-6)),
    )];
  });

  const drawCameras = (features) => {
    const cameras = features.filter((feature) => feature.properties.feature === "camera");
    const zones = features.filter((feature) => feature.properties.feature === "zone");
    const named = cameras.length <= MOST_NAMED_CAMERAS;
    const drawn = zones.map((zone) =>
      L.geoJSON(zone, { ...still, pane: "zones", style: { className: "zone" } }));
    for (const { geometry, properties } of cameras) {
      const marker = named
        ? L.marker(point(geometry.coordinates), {
          icon: icon("camera-icon", 22, element("span", "camera-glyph")), zIndexOffset: -500,
        })
        : L.circleMarker(point(geometry.coordinates), { radius: 3, className: "camera-point" });
      marker.bindTooltip(element("span", "", properties.name), {
        permanent: named, direction: "bottom", offset: [0, 10], className: "camera-name",
      });
      drawn.push(marker);
    }
    return drawn;
  };

  const popup = (event) => {
    const content = element("div", "map-popup");
    content.append(element("strong", "", event.name));
    event.lines.forEach((line) => content.append(element("div", "", line)));
    const elapsed = element("div", "elapsed");
    elapsed.dataset.since = event.since;
    elapsed.dataset.until = event.until;
    page.showElapsed(elapsed);
    content.append(elapsed);
    return content;
  };

  const put = (event) => {
    forget(event.id);
    const open = event.status === "open";
    const level = SEVERITIES.includes(event.severity) ? event.severity : "medium";
    const pin = `event-pin severity-${level} ${open ? "is-open" : "is-cleared"}`;
    const position = [event.lat, event.lon];
    const marker = L.marker(position, {
      icon: icon(pin, 26, element("span", "pin-pulse"), element("span", "pin-dot")),
      zIndexOffset: (open ? 1000 : 0) + SEVERITIES.indexOf(level) * 100,
      title: event.name,
      alt: event.name,
    }).bindPopup(() => popup(event), { className: `event-popup severity-${level}`, autoPan: false });
    const circle = L.circle(position, {
      ...still, radius: event.accuracy, pane: "zones",
      className: `accuracy severity-${level} ${open ? "is-open" : "is-cleared"}`,
    });
    marker.addTo(state.map);
    circle.addTo(state.map);
    state.events.set(event.id, { marker, circle });
  };

  const forget = (eventId) => {
    const known = state.events.get(eventId);
    known?.marker.remove();
    known?.circle.remove();
    state.events.delete(eventId);
  };

  page.map = {
    attach,
    update: (changed, gone) => whenReady(() => {
      const opened = [...state.events].find(([, known]) => known.marker.isPopupOpen())?.[0];
      gone.forEach(forget);
      changed.forEach(put);
      if (changed.some((event) => event.id === opened)) state.events.get(opened).marker.openPopup();
    }),
    focus: (eventId) => whenReady(() => {
      const known = state.events.get(eventId);
      if (known === undefined) return;
      const zoom = Math.max(state.map.getZoom(), FOCUS_ZOOM);
      state.map.setView(known.marker.getLatLng(), zoom, { animate: true });
      known.marker.openPopup();
    }),
  };
})();
