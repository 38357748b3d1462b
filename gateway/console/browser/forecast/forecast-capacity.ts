import type { ForecastState } from '../../../../backbone/operations/forecast-state.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { createFigureList } from '../elements/figure-list.ts'
import { panel } from '../elements/panel.ts'
import { count, duration, rate, timeOfMinute, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'
import { rangeText } from './forecast-figures.ts'

const { heading, notReached, isReached, suffices, unknown, withoutForecast, ...labels } =
  texts.forecast.capacity

/** The peak of the next hour, what the processors can classify, and whether that suffices. */
export function createForecastCapacity() {
  const sentence = el('p', { role: 'status' })
  const figures = createFigureList(labels)
  const element = panel(heading, sentence, figures.element)

  function show(state: ForecastState): void {
    const { capacity, known } = state
    sentence.className = capacity.reachedInSeconds === null ? '' : 'bad'
    setText(sentence, sentenceOf(state))
    figures.show({
      peak: known ? rangeText(state.peak, rate) : UNKNOWN,
      peakAt: known ? timeOfMinute(Date.parse(state.peak.at)) : UNKNOWN,
      perSecond: rate(capacity.perSecond),
      perProcessor: rate(capacity.perProcessor),
      processors: count(capacity.processors),
      reachedIn: reachedIn(state),
    })
  }

  return { element, show }
}

function sentenceOf({ known, capacity, at }: ForecastState): string {
  if (capacity.perSecond === null) return unknown
  if (!known) return withoutForecast
  if (capacity.reachedInSeconds === null) return suffices
  return isReached(timeOfMinute(Date.parse(at) + capacity.reachedInSeconds * 1_000))
}

function reachedIn({ known, capacity }: ForecastState): string {
  if (!known || capacity.perSecond === null) return UNKNOWN
  return capacity.reachedInSeconds === null ? notReached : duration(capacity.reachedInSeconds)
}
