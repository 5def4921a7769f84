using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Cli.Corpus;

namespace DiffusionBatch.Cli.Demo;

/// <summary>
/// Texts to pretrain a backbone on, out of the .NET SDK: each message with its translation as one text, and as many summaries of
/// its XML documentation. What the demo holds out of these languages' messages is left out, with all texts that have it in them.
/// </summary>
internal static class TextCorpus
{
    // Beyond this a summary is a table or a list.
    const int FewestWords = 3, MostWords = 60;

    // Code, formulas and intrinsics' names are no language.
    const double FewestLetters = 0.85;

    /// <summary>The texts, each once, in an order that depends on them alone (a fixed shuffle, as that of the pairs).</summary>
    /// <param name="sdk">The SDK.</param>
    /// <param name="source">The language that a message's text begins with; one of the two is English.</param>
    /// <param name="target">The language that it ends with.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UserException">The SDK has no messages in this language.</exception>
    public static IReadOnlyList<TextLine> Extract(
        DotnetSdk sdk, string source, string target, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<MessagePair> pairs = SatelliteCorpus.Extract(sdk, new CorpusOptions(source, target), cancellationToken);
        HeldOutTexts heldOut = HeldOut(pairs);
        Dictionary<string, TextLine> messages = new(StringComparer.Ordinal), summaries = new(StringComparer.Ordinal);
        foreach (MessagePair pair in pairs)
            if (!heldOut.AreIn(pair.Source) && !heldOut.AreIn(pair.Target)) Add(messages, pair.Source + DemoManifest.Between + pair.Target);
        foreach (string file in sdk.Documentation())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (string summary in XmlDocumentation.Summaries(file))
                if (IsWanted(summary) && !summaries.ContainsKey(Name(summary)) && !heldOut.AreIn(summary)) Add(summaries, summary);
        }
        // English alone, and there is several times as much of it: it would drown the other language.
        return [.. messages.Values.Concat(summaries.Values.Where(t => !messages.ContainsKey(t.Id))
            .OrderBy(t => t.Id, StringComparer.Ordinal).Take(messages.Count))
            .OrderBy(t => t.Id, StringComparer.Ordinal)];

        static void Add(Dictionary<string, TextLine> texts, string text) => texts.TryAdd(Name(text), new TextLine(Name(text), text));
    }

    /// <summary>The texts that the demo validates and tests on, in its full form or its quick one.</summary>
    /// <param name="pairs">All pairs of two languages.</param>
    public static HeldOutTexts HeldOut(IReadOnlyList<MessagePair> pairs) =>
        new(((DemoSettings[])[new DemoSettings(), DemoSettings.Quick])
            .Select(
                s => CorpusSplit.Of(
                    [.. pairs.Where(p => MessageText.Words(p.Source) <= s.MaxWords && MessageText.Words(p.Target) <= s.MaxWords)]))
            .SelectMany(split => split.Validation.Concat(split.Test)));

    static bool IsWanted(string summary) =>
        MessageText.Words(summary) is >= FewestWords and <= MostWords
            && summary.Count(c => char.IsLetter(c) || c == ' ') >= FewestLetters * summary.Length;

    // Texts that differ in nothing but case and punctuation are one.
    static string Name(string text) =>
        "text-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MessageText.Key(text))).AsSpan(0, 8));
}
