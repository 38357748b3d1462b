import { html } from './html.ts'

/** The drawing is stretched to the width of the page; its lines and the texts over it are not. */
export const chartStyles = html`figure { margin: 0 0 22px; }
figcaption { margin-bottom: 18px; color: var(--quiet); font-size: 13px; }
figcaption b { margin-right: 6px; color: var(--ink); font-size: 15px; font-weight: 650; }
.stages, .legend { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 2px 20px; }
.stages { margin: -12px 0 20px; color: var(--quiet); }
.legend { display: none; margin: -12px 0 18px; gap: 2px 16px; font-size: 12px; }
.chart { padding: 0 120px 26px 58px; }
.plot { position: relative; height: 164px; touch-action: pan-y; outline-offset: 6px; font-size: 12px; line-height: 16px; }
.plot > span { position: absolute; white-space: nowrap; color: var(--quiet); pointer-events: none; }
svg { display: block; width: 100%; height: 164px; overflow: visible; }
svg * { vector-effect: non-scaling-stroke; }
.y { right: calc(100% + 8px); transform: translateY(-50%); }
.x { top: calc(100% + 8px); transform: translateX(-50%); }
.x-unit { top: calc(100% + 8px); left: calc(100% + 34px); }
.plot .name { left: calc(100% + 12px); transform: translateY(-50%); color: var(--ink); }
.plot .mark { bottom: calc(100% - 2px); padding-left: 3px; font-size: 11px; }
.grid { stroke: var(--hair); }
.axis { stroke: var(--axis); }
line.mark { stroke: var(--mark); stroke-dasharray: 1 3; }
path { fill: none; stroke: var(--line); stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
path.broad { stroke-width: 4; }
path.thin { stroke-width: 1; }
path.dashed { stroke-dasharray: 5 4; }
path.area { fill: var(--plan); stroke-width: 1; }
.key { display: inline-block; width: 16px; margin-right: 6px; vertical-align: middle; border-top: 2px solid var(--line); }
.key.broad { border-top-width: 4px; }
.key.thin { border-top-width: 1px; }
.key.dashed { border-top-style: dashed; }
.key.area { height: 9px; border: 0; background: var(--plan); box-shadow: 0 0 0 1px var(--grey); }
.blue { --line: var(--blue); }
.sky { --line: var(--sky); }
.vermillion { --line: var(--vermillion); }
.green { --line: var(--green); }
.pink { --line: var(--pink); }
.ochre { --line: var(--ochre); }
.grey { --line: var(--grey); }
.ink { --line: var(--ink); }
.cursor { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--ink); pointer-events: none; }
.values {
  position: absolute; z-index: 1; top: 4px; width: max-content; max-width: calc(50% - 8px); margin: 0 10px; padding: 6px 10px;
  background: var(--page); border: 1px solid var(--axis); border-radius: 4px; pointer-events: none;
}
.values p { margin: 0 0 2px; color: var(--quiet); }
.values div { display: flex; align-items: center; }
.values span { flex: 1; padding-right: 14px; overflow-wrap: anywhere; }
.values b { font-weight: 600; white-space: nowrap; }
@media screen and (max-width: 640px) {
  .legend { display: flex; }
  .chart { padding: 0 8px 42px 54px; }
  .plot .name, .minor { display: none; }
  .x-unit { top: calc(100% + 24px); left: auto; right: 0; }
  .values { max-width: calc(50% + 12px); margin: 0 6px; }
}
`
