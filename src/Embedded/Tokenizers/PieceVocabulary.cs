using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>A model's pieces with their ids, looked up where they lie: nothing is copied out of the file until it is asked for.</summary>
internal sealed class PieceVocabulary(ModelProto model) : IReadOnlyDictionary<string, int>
{
    readonly Lazy<Dictionary<string, int>> _ids = new(() =>
    {
        var ids = new Dictionary<string, int>(model.Pieces.Count, StringComparer.Ordinal);
        for (int id = 0; id < model.Pieces.Count; id++) ids.TryAdd(Encoding.UTF8.GetString(model.Text(id)), id);
        return ids;
    });

    public int Count => model.Pieces.Count;

    public IEnumerable<string> Keys => _ids.Value.Keys;

    public IEnumerable<int> Values => _ids.Value.Values;

    public int this[string key] => _ids.Value[key];

    public bool ContainsKey(string key) => _ids.Value.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out int value) => _ids.Value.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, int>> GetEnumerator() => _ids.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
