using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Inputs;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>The lines of part, trace and verify files, byte for byte as CONTRACT section 4 has them.</summary>
public static class ResultLines
{
    /// <summary>
    /// <c>{"id","text","ids"?,"score","length","nfe","usage"?,"input"?}</c>, or <c>{"id","error":{"code","message"}}</c>.
    /// </summary>
    /// <param name="result">The result.</param>
    /// <param name="withIds">Whether the line carries the tokens.</param>
    /// <param name="input">The input line's other fields as one JSON object, or null where they don't pass through.</param>
    /// <param name="withUsage">Whether the line carries the counts of tokens.</param>
    public static string Result(ItemResult result, bool withIds, string? input, bool withUsage = false)
    {
        if (result.Error is { } error) return Error(result.Id, error);
        JsonLine line = new JsonLine().Raw("{\"id\":").String(result.Id).Raw(",\"text\":").String(result.Text);
        if (withIds) line.Raw(",\"ids\":").Array(result.Ids, (l, id) => l.Number(id));
        line.Raw(",\"score\":").Number(result.Score).Raw(",\"length\":").Number(result.Length).Raw(",\"nfe\":").Number(result.Nfe);
        if (withUsage)
            line.Raw(",\"usage\":{\"promptTokens\":").Number(result.PromptTokens).Raw(",\"textTokens\":").Number(result.TextTokens)
                .Raw("}");
        if (input is not null) line.Raw(",\"input\":").Raw(input);
        return line.Raw("}").ToString();
    }

    /// <summary>
    /// <c>{"id","text","ids","score","length","nfe","verify":{"tokens","equal","score"}}</c>: the exact result as a line of results, then
    /// the cell's own beside it: tokens of the longer of the two, those that are the same at the same place, and the cell's score.
    /// </summary>
    /// <param name="result">The cell's result.</param>
    /// <param name="exact">The same without approximations.</param>
    public static string Verified(ItemResult result, ItemResult exact)
    {
        int equal = result.Ids.Zip(exact.Ids).Count(pair => pair.First == pair.Second);
        return new JsonLine().Raw(Result(exact, withIds: true, null)[..^1])
            .Raw(",\"verify\":{\"tokens\":").Number(Math.Max(result.Ids.Length, exact.Ids.Length)).Raw(",\"equal\":").Number(equal)
            .Raw(",\"score\":").Number(result.Score).Raw("}}").ToString();
    }

    /// <summary>The line of an item that has an error in place of a result.</summary>
    public static string Error(string id, ItemError error) => new JsonLine()
        .Raw("{\"id\":").String(id).Raw(",\"error\":{\"code\":").String(error.Code).Raw(",\"message\":").String(error.Message).Raw("}}")
        .ToString();

    /// <summary><c>{"id","candidate","steps":[{"step":1,"write":[[position,id,logProbability],...],"mask":[position,...]}]}</c>.</summary>
    public static string Trace(string id, CandidateTrace trace) => new JsonLine()
        .Raw("{\"id\":").String(id).Raw(",\"candidate\":").Number(trace.Candidate)
        .Raw(",\"steps\":").Array(trace.Steps, Step).Raw("}").ToString();

    static void Step(JsonLine line, TraceStep step) => line
        .Raw("{\"step\":").Number(step.Step)
        .Raw(",\"write\":")
        .Array(step.Write, (l, w) => l.Raw("[").Number(w.Position).Raw(",").Number(w.Id).Raw(",").Number(w.LogProbability).Raw("]"))
        .Raw(",\"mask\":").Array(step.Mask, (l, position) => l.Number(position)).Raw("}");
}
