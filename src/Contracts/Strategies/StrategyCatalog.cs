using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DiffusionBatch.Contracts.Strategies;

/// <summary>
/// The strategies that manifests may name, by kind. What a strategy does is known to the room that it belongs to alone; this is what
/// everybody knows of it: validation, JSON Schema, docs and the API read it. It begins with those that the product has, as the file
/// <c>strategies.json</c> lists them (made of the types, held equal to them by a test), so that the API needs no tensors to check a
/// manifest.
/// </summary>
public static class StrategyCatalog
{
    static readonly Lock s_lock = new();
    static volatile IReadOnlyDictionary<StrategyKind, IReadOnlyList<StrategyCard>> s_cards = Shipped();

    /// <summary>The strategies of a kind, in ordinal order of their names.</summary>
    public static IReadOnlyList<StrategyCard> Of(StrategyKind kind) => s_cards.TryGetValue(kind, out var cards) ? cards : [];

    /// <summary>A strategy, or null.</summary>
    public static StrategyCard? Find(StrategyKind kind, string name)
    {
        foreach (var card in Of(kind))
            if (card.Name == name) return card;
        return null;
    }

    /// <summary>Adds a strategy, or replaces the one of its name.</summary>
    /// <returns>Takes it back.</returns>
    public static IDisposable Add(StrategyCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        StrategyCard? before;
        lock (s_lock)
        {
            before = Find(card.Kind, card.Name);
            Set(card.Kind, [.. Of(card.Kind).Where(c => c.Name != card.Name), card]);
        }
        return new Undo(() =>
        {
            lock (s_lock) Set(card.Kind,
                [.. Of(card.Kind).Where(c => c.Name != card.Name), .. before is null ? (StrategyCard[])[] : [before]]);
        });
    }

    /// <summary>The text of <c>strategies.json</c> for these strategies.</summary>
    public static string Write(IEnumerable<StrategyCard> cards)
    {
        var options = new JsonSerializerOptions(StrategyJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return JsonSerializer.Serialize(cards.OrderBy(c => c.Kind).ThenBy(c => c.Name, StringComparer.Ordinal),
            (JsonTypeInfo<IEnumerable<StrategyCard>>)options.GetTypeInfo(typeof(IEnumerable<StrategyCard>))) + "\n";
    }

    static void Set(StrategyKind kind, IEnumerable<StrategyCard> cards) =>
        s_cards = new Dictionary<StrategyKind, IReadOnlyList<StrategyCard>>(
            s_cards)
        { [kind] = [.. cards.OrderBy(c => c.Name, StringComparer.Ordinal)] };

    static Dictionary<StrategyKind, IReadOnlyList<StrategyCard>> Shipped()
    {
        using var file = typeof(StrategyCatalog).Assembly.GetManifestResourceStream("strategies.json")!;
        return JsonSerializer.Deserialize(file, StrategyJson.Default.IEnumerableStrategyCard)!
            .GroupBy(c => c.Kind).ToDictionary(g => g.Key, g => (IReadOnlyList<StrategyCard>)[.. g]);
    }

    sealed class Undo(Action undo) : IDisposable
    {
        Action? _undo = undo;

        public void Dispose() => Interlocked.Exchange(ref _undo, null)?.Invoke();
    }
}
