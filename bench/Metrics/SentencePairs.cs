using System.Text.Json;

namespace DiffusionBatch.Bench;

/// <summary>
/// Made-up references and outputs: words of a vocabulary of 20,000 by Zipf's law, 5 to 34 of them with commas, numbers and a
/// point, and outputs with a quarter of the words replaced, left out or moved. The same each time.
/// </summary>
internal sealed record SentencePairs(IReadOnlyList<string> Hypotheses, IReadOnlyList<string> References)
{
    private const int Vocabulary = 20_000;

    internal int Count => References.Count;

    internal static SentencePairs Create(int count)
    {
        var random = new Random(1);
        string[] words = [.. Enumerable.Range(0, Vocabulary).Select(_ => Word(random))];
        var hypotheses = new string[count];
        var references = new string[count];
        for (int i = 0; i < count; i++)
        {
            var reference = Enumerable.Range(0, random.Next(5, 35)).Select(_ => Draw(random, words)).ToList();
            references[i] = string.Join(' ', reference) + ".";
            hypotheses[i] = string.Join(' ', Change(random, reference, words)) + ".";
        }
        return new SentencePairs(hypotheses, references);
    }

    internal SentencePairs First(int count) => new([.. Hypotheses.Take(count)], [.. References.Take(count)]);

    /// <summary>Writes a line a pair: <c>[hypothesis, reference]</c>.</summary>
    internal void Write(string file) =>
        File.WriteAllLines(file, Hypotheses.Zip(References, (h, r) => JsonSerializer.Serialize(new[] { h, r })));

    private static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(2, 11)).Select(_ => (char)('a' + random.Next(26))));

    private static string Draw(Random random, string[] words)
    {
        string word = words[(int)Math.Pow(Vocabulary, random.NextDouble()) - 1];
        return random.Next(25) switch
        {
            0 => word + ",",
            1 => $"{random.Next(2_000)}.{random.Next(10)}",
            2 => char.ToUpperInvariant(word[0]) + word[1..],
            _ => word
        };
    }

    private static List<string> Change(Random random, List<string> reference, string[] words)
    {
        var changed = new List<string>();
        foreach (string word in reference)
        {
            switch (random.Next(12))
            {
                case 0: changed.Add(Draw(random, words)); break;
                case 1: break;
                case 2: changed.Insert(random.Next(changed.Count + 1), word); break;
                default: changed.Add(word); break;
            }
        }
        return changed.Count > 0 ? changed : reference;
    }
}
