/* One event of the list. Its texts and attributes come through Vue, never parsed as HTML. */
export default {
  props: { card: Object },
  emits: ["open"],
  template: `
    <article class="event-card" tabindex="0" :data-event="card.id" :data-severity="card.severity"
      :data-status="card.status" :data-kind="card.kind" :data-confirmation="card.confirmation"
      @click="$emit('open')" @keydown.enter="$emit('open')">
      <div class="event-picture">
        <img alt="" loading="lazy" :src="card.picture">
        <span class="event-no-picture">{{ card.no_picture }}</span>
      </div>
      <div class="event-words">
        <h3 class="event-name">{{ card.name }}</h3>
        <div class="event-state">
          <span class="chip severity-chip">{{ card.severity_text }}</span>
          <span class="chip kind-chip" v-show="card.kind_text">{{ card.kind_text }}</span>
          <span class="chip verdict-chip" v-show="card.verdict">{{ card.verdict }}</span>
          <span class="chip status-chip">{{ card.status_text }}</span>
          <span class="elapsed" :data-since="card.since" :data-until="card.until"></span>
        </div>
        <div class="event-camera">{{ card.camera }}</div>
        <div class="event-foot">
          <span class="event-cell">{{ card.cell }}</span>
          <span class="event-score">{{ card.score }}</span>
        </div>
      </div>
    </article>`,
};
