using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// Answers as EleutherAI's lm-evaluation-harness takes them out of outputs, for scores that are to compare with its own: the two
/// filters of its task gsm8k and the filter of its task mmlu_pro. They find less than a reader does.
/// </summary>
internal static partial class HarnessAnswers
{
    /// <summary>
    /// Whether an output's number is a reference's text, commas, dollar signs and a full stop at the end aside: the number behind the
    /// first "#### " (gsm8k's strict-match), or the last run of digits, signs and commas (its flexible-extract).
    /// </summary>
    public static bool IsNumber(AnswerExtraction filter, string hypothesis, IReadOnlyList<string> references)
    {
        string found = filter == AnswerExtraction.LmEvalStrict
            ? StrictNumber().Match(hypothesis) is { Success: true } strict ? strict.Groups[1].Value : ""
            : FlexibleNumber().Matches(hypothesis) is { Count: > 0 } all ? all[^1].Value : "";
        found = Bare(found.Trim());
        return found.Length > 0 && references.Any(reference => found == Bare(reference));
    }

    /// <summary>
    /// The capital from A to J behind an output's first "answer is" (mmlu_pro's custom-extract); null where there is none.
    /// </summary>
    public static char? Label(string hypothesis) =>
        ChoiceLabel().Match(hypothesis) is { Success: true } match ? match.Groups[1].Value[0] : null;

    // The solution before GSM8K's "#### " goes too, as the harness' regexes_to_ignore say.
    static string Bare(string text)
    {
        text = text.Replace(",", "", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal);
        text = text[(text.LastIndexOf("#### ", StringComparison.Ordinal) is >= 0 and var at ? at + 5 : 0)..];
        return text.EndsWith('.') ? text[..^1] : text;
    }

    [GeneratedRegex(@"#### (-?[0-9.,]+)")]
    private static partial Regex StrictNumber();

    [GeneratedRegex(@"-?[$0-9.,]{2,}|-?[0-9]+")]
    private static partial Regex FlexibleNumber();

    [GeneratedRegex(@"answer is \(?([A-J])\)?")]
    private static partial Regex ChoiceLabel();
}
