/** The texts about accidents in English. */

import type { AccidentTexts } from "./texts.ts";

const people = (n: number): string => (n === 1 ? "person" : "people");

export const en: AccidentTexts = {
  heading: "Accidents",
  one: "Accident",
  accidents: (n) => (n === 1 ? "accident" : "accidents"),
  killed: (n) => `${people(n)} killed`,
  injured: (n) => `${people(n)} injured`,
  known: "Numbers of people, as far as they are known.",
  none: "No accidents recorded.",
  withheld: (fewest) => `Accidents are recorded here, but their numbers are withheld: they count fewer than ${fewest} accidents or people, or they would reveal such a number. Small numbers could identify people.`,
  inMonths: (period) => `${period}, in whole months`,
  unfiltered: "The filters by status, kind and operator do not apply to accidents.",
  madeUp: "Includes made-up records",
  loading: "Loading the accidents …",
  failed: "The accidents could not be loaded.",
  beside: "Recorded on this server",
  show: "Show accidents",
  people: {
    killed: "People killed",
    injured: "People injured, none recorded as killed",
    unhurt: "Nobody recorded as killed or injured",
    unknown: "Casualties not known",
  },
  killedUnknown: "number killed not known",
  injuredUnknown: "number injured not known",
  list: "Accidents in view",
  hurt: "Casualties",
  review: {
    reasons: {
      has_issues: ["The place looks wrong", "The class or device looks wrong", "The date looks wrong", "The casualties look wrong"],
      rejected: ["Recorded twice", "No explosive ordnance involved", "Test or training entry", "No evidence"],
    },
    nearNone: "No accident of the same day nearby, and none of the same class in the district.",
  },
};
