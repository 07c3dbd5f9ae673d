/** The magnetic declination of a place and day, by the World Magnetic Model. */

import wmm2020 from "geomagnetism/data/wmm-2020.json";
import wmm2025 from "geomagnetism/data/wmm-2025.json";
import Model from "geomagnetism/lib/model.js";

import type { LonLat } from "../../shared/api/types.ts";

export interface Declination {
  /** Degrees east of true north; negative to the west. */
  degrees: number;
  /** The model, such as WMM2025. */
  model: string;
}

/** Each model is valid for five years from its epoch. */
const MODELS = [
  { name: "WMM2020", from: 2020, coefficients: wmm2020 },
  { name: "WMM2025", from: 2025, coefficients: wmm2025 },
] as const;
const YEARS = 5;

/** The first and last year covered by a model. */
export const MODEL_YEARS = [2020, 2029] as const;

/** At ground level, at noon of the day (`2026-11-30`); null if no model covers it. */
export function declination([lon, lat]: LonLat, day: string): Declination | null {
  const noon = new Date(`${day}T12:00:00Z`);
  const year = noon.getUTCFullYear();
  const model = MODELS.find(({ from }) => year >= from && year < from + YEARS);
  if (model === undefined) return null;
  const span = { start_date: `${model.from}-01-01`, end_date: `${model.from + YEARS}-01-01` };
  const { decl } = new Model({ ...model.coefficients, ...span }).getTimedModel(noon).point([lat, lon]);
  return { degrees: Math.round(decl * 10) / 10, model: model.name };
}
