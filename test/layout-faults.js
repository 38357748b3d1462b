// Runs in a page: an expression that returns every unreadable text of the page.
;(() => {
  const LEAST_FONT_PX = 11
  const { clientWidth, scrollWidth } = document.documentElement

  const ownText = ({ childNodes }) =>
    [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim())
  const isShown = (element) => element.checkVisibility() && !element.closest('thead, script')
  const texts = [...document.body.querySelectorAll('*')].filter(
    (element) => ownText(element) && isShown(element),
  )

  const faultsOfText = (element) => {
    const { left, right } = element.getBoundingClientRect()
    const name = `${element.tagName} "${element.textContent.slice(0, 40)}"`
    const size = Number.parseFloat(getComputedStyle(element).fontSize)
    return [
      ...(size < LEAST_FONT_PX ? [`${name} has ${size} px`] : []),
      ...(left < 0 || right > clientWidth ? [`${name} goes from ${left} to ${right}`] : []),
      ...(element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1
        ? [`${name} is cut off`]
        : []),
    ]
  }

  const overlap = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1
  const faultsOfLabels = (plot, kind) => {
    const labels = [...plot.querySelectorAll(`span.${kind}`)].filter(isShown)
    const boxes = labels.map((label) => ({ text: label.textContent, box: label.getBoundingClientRect() }))
    return boxes.flatMap(({ text, box }, index) =>
      boxes
        .slice(index + 1)
        .filter((other) => overlap(box, other.box))
        .map((other) => `${text} and ${other.text} overlap`),
    )
  }

  return [
    ...(scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : []),
    ...texts.flatMap(faultsOfText),
    ...[...document.querySelectorAll('.plot')].flatMap((plot) =>
      ['x', 'y', 'name', 'mark'].flatMap((kind) => faultsOfLabels(plot, kind)),
    ),
  ]
})()
