using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>A Markov chain that is known exactly, and sequences drawn from it.</summary>
internal sealed class ToyLaw
{
    private readonly double[] _initial;
    private readonly double[][] _transition;
    private readonly double[][] _pairs;

    private ToyLaw(string folder)
    {
        using var law = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "law.json")));
        (Vocabulary, Length) = (law.RootElement.GetProperty("vocabulary").GetInt32(), law.RootElement.GetProperty("length").GetInt32());
        _initial = law.RootElement.GetProperty("initial").Deserialize<double[]>()!;
        _transition = law.RootElement.GetProperty("transition").Deserialize<double[][]>()!;
        _pairs = law.RootElement.GetProperty("bigram_exact").Deserialize<double[][]>()!;
        (Train, Test) = (Sequences(Path.Combine(folder, "train.jsonl")), Sequences(Path.Combine(folder, "test.jsonl")));
    }

    /// <summary>V, without a mask.</summary>
    internal int Vocabulary { get; }

    /// <summary>Tokens of a sequence.</summary>
    internal int Length { get; }

    internal IReadOnlyList<int[]> Train { get; }

    internal IReadOnlyList<int[]> Test { get; }

    internal static ToyLaw Read(string folder) => new(folder);

    /// <summary>log p(x), in nats.</summary>
    internal double LogLikelihood(ReadOnlySpan<int> sequence)
    {
        double sum = Math.Log(_initial[sequence[0]]);
        for (int i = 1; i < sequence.Length; i++)
            sum += Math.Log(_transition[sequence[i - 1]][sequence[i]]);
        return sum;
    }

    /// <summary>
    /// The frequencies of pairs of neighbours against the exact ones: half the sum of their distances, the largest distance in standard
    /// errors (of sequences, whose pairs aren't independent), and how many of all are more than 3 apart.
    /// </summary>
    internal (double Apart, double Worst, int Beyond) Compare(IReadOnlyList<int[]> samples)
    {
        int pairs = Length - 1, beyond = 0;
        double apart = 0, worst = 0;
        for (int a = 0; a < Vocabulary; a++)
        {
            for (int b = 0; b < Vocabulary; b++)
            {
                double[] counts = [.. samples.Select(s => (double)Enumerable.Range(0, pairs).Count(i => s[i] == a && s[i + 1] == b))];
                double mean = counts.Average(), error = Math.Sqrt(counts.Average(c => (c - mean) * (c - mean)) / counts.Length);
                double distance = Math.Abs(mean / pairs - _pairs[a][b]), z = distance * pairs / Math.Max(error, 1e-12);
                apart += distance / 2;
                worst = Math.Max(worst, z);
                beyond += z > 3 ? 1 : 0;
            }
        }

        return (apart, worst, beyond);
    }

    private static IReadOnlyList<int[]> Sequences(string file) =>
        [.. File.ReadLines(file).Select(line => JsonNode.Parse(line)!["ids"].Deserialize<int[]>()!)];
}
