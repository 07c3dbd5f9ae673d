/** A form on a phone: opened, filled in question by question, and finished. */

import type { GroupNode, InputNode, LoadFormSuccessResult, LoadFormWarningResult, RepeatInstanceNode, RepeatRangeUncontrolledNode, RootNode, SelectNode, UploadNode } from "@getodk/xforms-engine";

export type Form = LoadFormSuccessResult | LoadFormWarningResult;

export type Question = InputNode | SelectNode | UploadNode;

/** A question, a repeat, or what a form says about itself. */
type Child = Question | RepeatRangeUncontrolledNode | GroupNode;

/** An answer: typed text, the label of a choice (a detection is selected on a map, so its id), or a picture. */
export type Answer = string | File;
export type Answers = Readonly<Record<string, Answer>>;

/** A form being filled in, in the language whose code is in its name. */
export class Filling {
  readonly root: RootNode;

  /** `form` is the id of the form. */
  constructor(
    readonly form: string,
    opened: Form,
    language: string,
  ) {
    this.root = opened.createInstance().root;
    const found = this.root.languages.find((each) => each.language.endsWith(`(${language})`));
    if (found === undefined || found.isSyntheticDefault === true) throw new Error(`the form has no language ${language}`);
    this.root.setLanguage(found);
  }

  /** The questions in the order they are asked, in every row of a repeat. */
  get questions(): Question[] {
    return questionsIn(this.root);
  }

  question(name: string): Question {
    const found = this.questions.find((question) => nameOf(question) === name);
    if (found === undefined) throw new Error(`the form does not ask for ${name}`);
    return found;
  }

  /** Answers the questions listed here, each in its turn. */
  fillIn(answers: Answers): this {
    fill(this.questions, answers);
    return this;
  }

  /** Gives a repeat as many rows as there are answers, and fills them in. */
  fillRows(repeat: string, rows: readonly Answers[]): this {
    const range = childrenOf(this.root).find((child) => child.nodeType === "repeat-range:uncontrolled" && nameOf(child) === repeat);
    if (range?.nodeType !== "repeat-range:uncontrolled") throw new Error(`the form does not repeat ${repeat}`);
    const n_missing = rows.length - rowsOf(range).length;
    if (n_missing > 0) range.addInstances(undefined, n_missing);
    if (n_missing < 0) range.removeInstances(rows.length, -n_missing);
    for (const [nth, row] of rowsOf(range).entries()) fill(questionsIn(row), rows[nth] ?? {});
    return this;
  }

  /** The form's error for an answer, in its language; the name of the rule if it has no text; null if valid. */
  complaint(name: string): string | null {
    const violation = this.question(name).validationState.violation;
    return violation === null ? null : (violation.message?.asString ?? violation.condition);
  }

  /** The finished form: its XML and the files beside it. */
  async finished(): Promise<{ xml: File; files: File[] }> {
    const payload = await this.root.prepareInstancePayload();
    if (payload.status !== "ready") throw new Error(`cannot be finished: ${payload.violations.map(({ reference }) => reference).join(", ")}`);
    const [data] = payload.data;
    const files = [...data].filter(([name]) => name !== XML).map(([, file]) => file);
    return { xml: data.get(XML), files };
  }
}

/** The name of the element that contains the answers. */
export const XML = "xml_submission_file";

export function nameOf(question: { currentState: { reference: string } }): string {
  return question.currentState.reference.split("/").at(-1) ?? "";
}

function childrenOf(node: RootNode | RepeatInstanceNode): readonly Child[] {
  return node.currentState.children as readonly Child[];
}

function rowsOf(repeat: RepeatRangeUncontrolledNode): readonly RepeatInstanceNode[] {
  return repeat.currentState.children;
}

/** The questions in a node and in the rows of its repeats. What a form calculates, and what it says about itself, are none. */
function questionsIn(node: RootNode | RepeatInstanceNode): Question[] {
  return childrenOf(node).flatMap((child): Question[] => {
    switch (child.nodeType) {
      case "input":
      case "select":
      case "upload":
        return [child];
      case "repeat-range:uncontrolled":
        return rowsOf(child).flatMap(questionsIn);
      default:
        return [];
    }
  });
}

/** Answers questions, each in its turn. */
function fill(questions: Question[], answers: Answers): void {
  const left = new Set(Object.keys(answers));
  for (const question of questions) {
    const given = answers[nameOf(question)];
    if (given === undefined) continue;
    put(question, given);
    left.delete(nameOf(question));
  }
  if (left.size > 0) throw new Error(`the form does not ask for ${[...left].join(", ")}`);
}

function put(question: Question, given: Answer): void {
  if (question.nodeType === "upload" && typeof given !== "string") question.setValue(given);
  else if (question.nodeType === "select" && typeof given === "string") question.selectValue(chosen(question.currentState.valueOptions, given));
  else if (question.nodeType === "input" && typeof given === "string") (question as InputNode<"string">).setValue(given);
  else throw new Error(`${nameOf(question)} cannot be answered so`);
}

/** The value of the choice with this label, or selected on a map by its value. */
function chosen(options: readonly { label: { asString: string }; value: string }[], given: string): string {
  const [found, ...more] = options.filter(({ label, value }) => label.asString === given || value === given);
  if (found === undefined || more.length > 0) throw new Error(`${given} is not one of ${options.map(({ label }) => label.asString).join(" | ")}`);
  return found.value;
}
