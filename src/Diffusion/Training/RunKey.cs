using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Names a run by all that its weights depend on, so that a work folder is resumed only by the run that began it. How often
/// checkpoints are written is not among it.
/// </summary>
static class RunKey
{
    public static string Of(FinetuneRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Text(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        Text(JsonSerializer.Serialize(new
        {
            request.Template.Prompt,
            request.Template.Target,
            request.MaxLength,
            request.Objective,
            Training = request.Training with { CheckpointEvery = 0 },
            request.TrimVocabulary,
            request.Freeze,
            request.Lora,
            request.LengthPredictor,
            request.Packed,
            request.PadTo,
            request.Seed,
        }));
        if (request.Model.From is { } folder) Folder(hash, folder);
        else
        {
            Text(JsonSerializer.Serialize(request.Model.New));
            if (request.Model.Tokenizer?.From is { } tokenizer) Folder(hash, tokenizer);
            else Text(JsonSerializer.Serialize(request.Model.Tokenizer));
        }
        foreach (IReadOnlyList<TrainingPair> pairs in (ReadOnlySpan<IReadOnlyList<TrainingPair>>)[request.Train, request.Validation])
        {
            Text($"{pairs.Count}");
            foreach (var pair in pairs)
            {
                Text(pair.Id);
                Text(pair.Source);
                Text(pair.Target);
                if (pair.Template is { } own) Text($"{own.Prompt}\0{own.Target}");
                if (pair.Before.Length > 0) Text(pair.Before);
                if (!pair.IsTokens) continue;
                hash.AppendData(
                    MemoryMarshal.AsBytes<int>([pair.PromptIds?.Length ?? 0, .. pair.PromptIds ?? [], .. pair.TargetIds ?? []]));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The contents of a folder's files; a length predictor that is there already plays no part.</summary>
    static void Folder(IncrementalHash hash, string folder)
    {
        var buffer = new byte[1 << 16];
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(file) is Lengths.LengthPredictor.FileName or CheckpointWriter.LogName) continue;
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            using var stream = File.OpenRead(file);
            for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }
    }
}
