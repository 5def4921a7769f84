using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>
/// Human-translated message pairs out of the .NET SDK's satellite resource assemblies: <c>Foo.dll</c> holds the
/// English strings, <c>de/Foo.resources.dll</c> the German ones under the same (resource set, key).
/// </summary>
internal static class SatelliteCorpus
{
    /// <summary>
    /// The unique pairs in an order that depends on their texts alone (that of their ids, which are hashes: a fixed shuffle).
    /// </summary>
    /// <exception cref="UserException">The SDK has no messages in this language.</exception>
    public static IReadOnlyList<MessagePair> Extract(DotnetSdk sdk, CorpusOptions options, CancellationToken cancellationToken = default)
    {
        var pairs = new Dictionary<string, MessagePair>(StringComparer.Ordinal);
        bool any = false;
        foreach (var (neutral, satellite) in sdk.Satellites(options.Foreign))
        {
            any = true;
            cancellationToken.ThrowIfCancellationRequested();
            var english = StringResources.Read(neutral, null);
            foreach (var (key, foreign) in StringResources.Read(satellite, options.Foreign))
            {
                if (!english.TryGetValue(key, out string? original)) continue;
                if (MessageText.Clean(original, foreign) is not { } clean || !IsWanted(clean.English, options)
                    || !IsWanted(clean.Foreign, options))
                    continue;
                MessagePair pair = options.Source == "en" ? Pair(clean.English, clean.Foreign) : Pair(clean.Foreign, clean.English);
                pairs[pair.Id] = pair;
            }
        }
        if (!any)
            throw new UserException(
                $"the .NET SDK {sdk.Version} has no messages in '{options.Foreign}'; it has {string.Join(", ", sdk.Languages())}");
        return [.. pairs.Values.OrderBy(p => p.Id, StringComparer.Ordinal)];
    }

    static bool IsWanted(string text, CorpusOptions options)
    {
        int words = MessageText.Words(text);
        return words >= options.MinWords && words <= options.MaxWords;
    }

    static MessagePair Pair(string source, string target)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(source + "\n" + target));
        return new MessagePair("sdk-" + Convert.ToHexStringLower(hash.AsSpan(0, 8)), source, target);
    }
}

/// <summary>Which pairs <see cref="SatelliteCorpus"/> extracts.</summary>
/// <param name="Source">The language of the sources: <c>de</c>, <c>pt-BR</c>, ... or <c>en</c>.</param>
/// <param name="Target">The language of the targets; one of the two is <c>en</c>.</param>
/// <param name="MinWords">The fewest words (at least 1) on either side.</param>
/// <param name="MaxWords">The most words on either side.</param>
internal sealed record CorpusOptions(string Source, string Target, int MinWords = 1, int MaxWords = int.MaxValue)
{
    /// <summary>The language other than English.</summary>
    public string Foreign => Source == "en" ? Target : Source;

    /// <summary>Reads <c>de-en</c>, <c>en-fr</c> or <c>pt-BR-en</c>.</summary>
    /// <exception cref="UserException">Not a pair of languages of which one is English.</exception>
    public static (string Source, string Target) ParseLanguages(string pair)
    {
        if (pair.EndsWith("-en", StringComparison.Ordinal) && pair.Length > 4) return (pair[..^3], "en");
        if (pair.StartsWith("en-", StringComparison.Ordinal) && pair.Length > 4) return ("en", pair[3..]);
        throw new UserException($"--languages '{pair}': expected two languages of which one is en, such as de-en or en-fr");
    }
}
