using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>
/// Finds jobs that need a tokenizer in a folder without one. Of an input only the first line is read: it tells
/// texts from token ids; a file that mixes them is found out by whoever runs the job.
/// </summary>
internal sealed class TokenizerCheck(IBlobStore store)
{
    /// <summary>As long as an input line may be, and some blank ones before it.</summary>
    const int MostRead = 2 << 20;

    /// <summary>What is wrong with a job, at a pointer inside it; null where nothing is, or it can't be told yet.</summary>
    /// <param name="job">The job.</param>
    /// <param name="jobs">All jobs of the manifest: what they make isn't there yet.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public async Task<(string Pointer, string Message)?> RunAsync(WorkManifest job, IReadOnlyList<WorkManifest> jobs,
        CancellationToken cancellationToken)
    {
        (string pointer, string? folder) = job switch
        {
            FinetuneManifest { Model.From: { } from } => ("/model/from", from),
            FinetuneManifest { Model.Tokenizer.From: { } from } => ("/model/tokenizer/from", from),
            SampleManifest sample => ("/model/from", sample.Model.From),
            _ => ("", (string?)null),
        };
        if (folder is null || JobGraph.Maker(folder, jobs) >= 0) return null;
        if (await HasAsync(folder, cancellationToken)) return null;
        string? input = job switch
        {
            SampleManifest sample => sample.Input,
            FinetuneManifest { Model.From: not null } finetune => finetune.Data.Train,
            _ => null,
        };
        if (input is null) return (pointer, TokenizerNames.Missing(folder));
        if (JobGraph.Maker(input, jobs) >= 0 || await FirstTextAsync(input, cancellationToken) is not { } line) return null;
        return (pointer, TokenizerNames.Missing(folder, input, line));
    }

    async Task<bool> HasAsync(string folder, CancellationToken cancellationToken)
    {
        await foreach (BlobEntry entry in store.ListAsync(folder + "/", cancellationToken))
            if (TokenizerNames.All.Contains(entry.Name[(folder.Length + 1)..])) return true;
        return false;
    }

    // The number of the first line, where it has a text.
    async Task<int?> FirstTextAsync(string input, CancellationToken cancellationToken)
    {
        await using Stream? content = await store.OpenReadAsync(input, 0, cancellationToken);
        if (content is null) return null;
        byte[] head = new byte[MostRead];
        int length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        int number = 0;
        foreach (Range range in head.AsSpan(0, length).Split((byte)'\n'))
        {
            ReadOnlyMemory<byte> line = head.AsMemory(range);
            number++;
            if (number == 1 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
            if (line.Span.ContainsAnyExcept(" \t\r"u8)) return IsText(line) ? number : null;
        }
        return null;
    }

    // What is wrong with a line is said where the input is read as a whole.
    static bool IsText(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } item
                && (IsText(item, "template")
                    || (!item.TryGetProperty("promptIds", out _) && !item.TryGetProperty("targetIds", out _)
                        && (IsText(item, "source") || IsText(item, "target"))));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool IsText(JsonElement item, string field) =>
        item.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String;
}
