using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Estimates;

/// <summary>What of a model a job's speed depends on, as the key that speeds are kept under: "xlm-roberta 256x6".</summary>
internal static class ModelShape
{
    /// <summary>The key of a job's model; null where the model isn't there yet or says nothing.</summary>
    public static async Task<string?> OfAsync(IBlobStore store, WorkManifest manifest, CancellationToken cancellationToken) =>
        manifest switch
        {
            SampleManifest sample => await OfFolderAsync(store, sample.Model.From, cancellationToken),
            FinetuneManifest { Model.New: { } made } => Key(made.Architecture, made.HiddenSize, made.Layers),
            FinetuneManifest { Model.From: { } from } => await OfFolderAsync(store, from, cancellationToken),
            _ => "",
        };

    static async Task<string?> OfFolderAsync(IBlobStore store, string folder, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync($"{folder}/config.json", cancellationToken) is not { } json) return null;
        try
        {
            using JsonDocument config = JsonDocument.Parse(json,
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            JsonElement root = config.RootElement;
            // SEDD's published folders name no type, and their shape stands in an object of its own.
            if (root.TryGetProperty("graph", out _) && root.TryGetProperty("model", out JsonElement shape))
                return Key("sedd", shape.GetProperty("hidden_size").GetInt32(), shape.GetProperty("n_blocks").GetInt32());
            return Key(root.GetProperty("model_type").GetString()!, root.GetProperty("hidden_size").GetInt32(),
                root.GetProperty("num_hidden_layers").GetInt32());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    static string Key(string type, int hidden, int layers) => string.Create(CultureInfo.InvariantCulture, $"{type} {hidden}x{layers}");
}
