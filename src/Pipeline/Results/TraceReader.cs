using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>Reads traces, as CONTRACT section 4 has their lines.</summary>
public static class TraceReader
{
    const string Form =
        """{"id","candidate","steps":[{"step","write":[[position,id,logProbability],...],"mask":[position,...]}]}""";

    /// <summary>The traces of a cell, as they are read: items in input order, the candidates of an item one after the other.</summary>
    /// <exception cref="ProblemsException">A line is malformed.</exception>
    public static IEnumerable<(string Id, CandidateTrace Trace)> Read(PredictionCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        foreach (string file in cell.TraceFiles)
        {
            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line)) yield return Parse(line, file, number);
            }
        }
    }

    static (string, CandidateTrace) Parse(string line, string file, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return (root.GetProperty("id").GetString()!,
                new CandidateTrace(root.GetProperty("candidate").GetInt32(), [.. root.GetProperty("steps").EnumerateArray().Select(Step)]));
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ProblemsException(new Problem(file, null, number, null, $"the line is no trace: {Form} is expected"));
        }
    }

    static TraceStep Step(JsonElement step) => new(
        step.GetProperty("step").GetInt32(),
        [.. step.GetProperty("write").EnumerateArray()
            .Select(w => new TraceWrite(Slot(w[0]), w[1].GetInt32(),
                w[2].ValueKind == JsonValueKind.Null ? float.NegativeInfinity : w[2].GetSingle()))],
        [.. step.GetProperty("mask").EnumerateArray().Select(Slot)]);

    static int Slot(JsonElement position) => position.GetInt32() is >= 0 and var slot ? slot : throw new FormatException();
}
