// Runs in the page of a report: shows the values of a chart at the position of a pointer, a finger or the
// arrow keys.
const { axes, charts } = JSON.parse(document.getElementById('values').textContent)

function element(name, className, ...children) {
  const made = document.createElement(name)
  made.className = className
  made.append(...children)
  return made
}

/** The index of the value nearest to a position from 0 to 1. */
function nearest(xs, place) {
  let best = 0
  for (let index = 1; index < xs.length; index++) {
    if (Math.abs(xs[index] - place) < Math.abs(xs[best] - place)) best = index
  }
  return best
}

function showValues(plot, { title, axis, series }) {
  const { x: xs, labels } = axes[axis]
  const last = xs.length - 1
  const line = element('div', 'cursor')
  const box = element('div', 'values')
  let shown

  function hide() {
    line.remove()
    box.remove()
  }

  function show(index) {
    shown = Math.min(last, Math.max(0, index))
    const known = series.filter(({ values }) => values[shown] !== '')
    const rows = known.map(({ name, class: kind, values }) =>
      element(
        'div',
        '',
        element('i', `key ${kind}`),
        element('span', '', name),
        element('b', '', values[shown]),
      ),
    )
    box.replaceChildren(element('p', '', labels[shown]), ...rows)
    const place = xs[shown] * 100
    line.style.left = `${place}%`
    // On the side with more room.
    box.style.left = place > 50 ? 'auto' : `${place}%`
    box.style.right = place > 50 ? `${100 - place}%` : 'auto'
    if (!line.isConnected) plot.append(line, box)
    plot.setAttribute('aria-valuenow', shown)
    plot.setAttribute(
      'aria-valuetext',
      [labels[shown], ...known.map(({ name, values }) => `${name} ${values[shown]}`)].join(', '),
    )
  }

  const showAt = ({ clientX }) => {
    const { left, width } = plot.getBoundingClientRect()
    show(nearest(xs, (clientX - left) / width))
  }

  const steps = {
    ArrowLeft: () => shown - 1,
    ArrowRight: () => shown + 1,
    ArrowDown: () => shown - 1,
    ArrowUp: () => shown + 1,
    PageDown: () => shown - 10,
    PageUp: () => shown + 10,
    Home: () => 0,
    End: () => last,
  }

  plot.tabIndex = 0
  const attributes = {
    role: 'slider',
    'aria-label': `${title}: values`,
    'aria-valuemin': 0,
    'aria-valuemax': last,
    'aria-valuenow': 0,
    'aria-valuetext': labels[0],
  }
  for (const [name, value] of Object.entries(attributes)) plot.setAttribute(name, value)
  plot.addEventListener('pointerdown', showAt)
  plot.addEventListener('pointermove', showAt)
  // Lifting a finger also leaves the plot; the selected values must stay visible.
  plot.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && hide())
  plot.addEventListener('focus', () => show(shown ?? 0))
  plot.addEventListener('blur', hide)
  plot.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide()
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    show(step())
  })
}

for (const plot of document.querySelectorAll('.plot')) showValues(plot, charts[plot.dataset.chart])
