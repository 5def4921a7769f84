using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Likelihood;

/// <summary>JSONL of <c>{"id","logLikelihood","tokens"?}</c>, by id.</summary>
internal static class LikelihoodFile
{
    const int MaxProblems = 20;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its full path.</param>
    /// <param name="name">What problems call it.</param>
    /// <exception cref="MetricException">Lines can't be used; up to 20 are listed.</exception>
    public static Dictionary<string, ItemLikelihood> Read(string file, string name)
    {
        var likelihoods = new Dictionary<string, ItemLikelihood>(StringComparer.Ordinal);
        var problems = new List<string>();
        int number = 0;
        if (ForeignForm.OfFile(file) is { } foreign) throw new MetricException([$"{name}: {foreign}."]);
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Parse(line, likelihoods) is not { } wrong) continue;
            problems.Add($"{name} line {number}: {wrong}.");
            if (problems.Count == MaxProblems) break;
        }
        if (problems.Count == 0 && likelihoods.Count == 0) problems.Add($"{name} is empty.");
        return problems.Count == 0 ? likelihoods : throw new MetricException(problems);
    }

    static string? Parse(string line, Dictionary<string, ItemLikelihood> likelihoods)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return "a JSON object is expected";
            if (!root.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String) return "\"id\" is expected: a text";
            double logLikelihood = root.TryGetProperty("logLikelihood", out var value) && value.ValueKind == JsonValueKind.Number
                ? value.GetDouble()
                : double.NaN;
            if (!double.IsFinite(logLikelihood) || logLikelihood > 0) return "\"logLikelihood\" is expected: a number of at most 0";
            long? tokens = null;
            if (root.TryGetProperty("tokens", out var count))
            {
                if (count.ValueKind != JsonValueKind.Number || !count.TryGetInt64(out long given) || given < 0)
                    return "\"tokens\" is not a whole number of at least 0";
                tokens = given;
            }
            return likelihoods.TryAdd(id.GetString()!, new ItemLikelihood(logLikelihood, tokens))
                ? null
                : $"duplicate id \"{id.GetString()}\"";
        }
        catch (JsonException e)
        {
            return string.Create(CultureInfo.InvariantCulture, $"malformed JSON at column {JsonColumn.Of(line, e)}");
        }
        catch (InvalidOperationException) // what a text throws for \uD800 without its other half
        {
            return "malformed JSON: half of a surrogate pair in a \\u escape";
        }
    }
}

/// <summary>What a scoring model thinks of a text.</summary>
/// <param name="LogLikelihood">The natural logarithm of its probability, summed over its tokens.</param>
/// <param name="Tokens">The scoring model's tokens that it is over; null where nobody says.</param>
internal readonly record struct ItemLikelihood(double LogLikelihood, long? Tokens);
