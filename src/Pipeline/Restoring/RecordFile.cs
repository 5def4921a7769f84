using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Restoring;

/// <summary>Rows of the index as blobs, JSON.</summary>
internal static class RecordFile
{
    static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one.</summary>
    public static Task WriteAsync<T>(IBlobStore store, string name, T record, CancellationToken cancellationToken) =>
        store.WriteAsync(name, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(record, s_json)), BlobCondition.None,
            cancellationToken);

    /// <summary>Reads all of a folder, those that can be read.</summary>
    /// <param name="store">The store.</param>
    /// <param name="folder">The folder, with the slash at its end.</param>
    /// <param name="unreadable">Is told of each that can't be, and why.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(IBlobStore store, string folder, Action<string, string> unreadable,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken) where T : class
    {
        await foreach (BlobEntry entry in store.ListAsync(folder, cancellationToken))
        {
            await using Stream? content = await store.OpenReadAsync(entry.Name, 0, cancellationToken);
            if (content is null) continue;
            T? record = null;
            try
            {
                record = await JsonSerializer.DeserializeAsync<T>(content, s_json, cancellationToken);
            }
            catch (JsonException e)
            {
                unreadable(entry.Name, e.Message);
            }
            if (record is not null) yield return record;
        }
    }

    /// <summary>Rows as the database takes them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, object?>>> Plain(
        IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, object?>>> tables) => tables.ToDictionary(
        t => t.Key,
        t => (IReadOnlyList<IReadOnlyDictionary<string, object?>>)
            [.. t.Value.Select(row => row.ToDictionary(c => c.Key, c => c.Value is JsonElement value ? Plain(value) : c.Value))],
        StringComparer.Ordinal);

    static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out long whole) ? whole : value.GetDouble(),
        _ => null,
    };
}
