using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>A masked language model as the sampler's p(x_0 | x_t). Only the wanted rows pass the vocabulary projection, a bounded number at a time.</summary>
internal sealed class TorchDenoiser : IDenoiser
{
    /// <summary>Logits held at once (64 MiB), though never less than one canvas's.</summary>
    const long LogitsAtOnce = 1 << 24;

    readonly LanguageModel model;
    readonly LengthPredictor? lengths;
    readonly SpecialTokens specials;
    readonly AttentionStrategy attention;
    readonly bool shift;
    readonly int newline;
    readonly TimeProvider time;
    readonly Device device;
    float[] buffer = [];

    /// <summary>Turns the model (and the predictor) to evaluation: nothing is dropped.</summary>
    public TorchDenoiser(LanguageModel model, LengthPredictor? lengths, SpecialTokens specials, AttentionStrategy attention, bool shift, int newline, TimeProvider time)
    {
        (this.model, this.lengths, this.specials, this.attention, this.shift, this.newline, this.time) = (model, lengths, specials, attention, shift, newline, time);
        model.eval();
        lengths?.eval();
        device = model.Device;
    }

    /// <inheritdoc/>
    public int VocabularySize => model.VocabularySize;

    /// <inheritdoc/>
    public int UsablePositions => model.UsablePositions;

    /// <inheritdoc/>
    public bool PredictsLengths => lengths is not null;

    /// <inheritdoc/>
    public void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long started = time.GetTimestamp();
        using var hidden = Hidden(requests); // (R, d)
        double bodySeconds = time.GetElapsedTime(started).TotalSeconds, tokens = requests.Sum(r => (long)r.Length);
        for (int from = 0, row = 0; from < requests.Count;)
        {
            int to = from, rows = 0;
            while (to < requests.Count && (to == from || (long)(rows + requests[to].Rows.Length) * VocabularySize <= LogitsAtOnce)) rows += requests[to++].Rows.Length;
            started = time.GetTimestamp();
            var group = requests.Skip(from).Take(to - from).ToList();
            var predicted = Project(hidden.narrow(0, row, rows), group);
            double projectionSeconds = time.GetElapsedTime(started).TotalSeconds;
            for (int c = 0; c < group.Count; c++)
            {
                predicted[c].Seconds = bodySeconds * group[c].Length / tokens + projectionSeconds * group[c].Rows.Length / rows;
                deliver(from + c, predicted[c]);
            }
            row += rows;
            from = to;
        }
    }

    /// <inheritdoc/>
    public float[][] PredictLengths(IReadOnlyList<int[]> prompts)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        int columns = prompts.Max(p => p.Length);
        var ids = Padded(prompts.Count, columns);
        for (int b = 0; b < prompts.Count; b++) Put(prompts[b], ids, b * columns);
        int[] sizes = [.. prompts.Select(p => p.Length)];
        var hidden = model.Hidden(tensor(ids, [prompts.Count, columns], device: device), AttentionMasks.Of(attention, ids, sizes, sizes, newline, device), parts: CanvasParts.PromptsOnly(sizes)); // (B, P, d)
        var present = tensor(AttentionMasks.Tokens(sizes, columns), [prompts.Count, columns], device: device);
        float[] logits = lengths!.Logits(hidden, present).cpu().data<float>().ToArray(); // (B, C)
        RequireNumbers(logits, "length predictor's");
        return [.. logits.Chunk(logits.Length / prompts.Count)];
    }

    /// <summary>The hidden states at the wanted slots of all canvases, canvas by canvas. // (R, d)</summary>
    Tensor Hidden(IReadOnlyList<CanvasRequest> requests)
    {
        using var scope = NewDisposeScope();
        int batch = requests.Count, columns = requests.Max(r => r.Length);
        var ids = Padded(batch, columns);
        var (sizes, prompts) = (new int[batch], new int[batch]);
        var rows = new List<long>();
        for (int b = 0; b < batch; b++)
        {
            var request = requests[b];
            (sizes[b], prompts[b]) = (request.Length, request.Prompt.Length);
            Put(request.Prompt, ids, b * columns);
            Put(request.Slots, ids, b * columns + prompts[b]);
            ids[b * columns + request.Length - 1] = specials.Eos;
            foreach (int slot in request.Rows) rows.Add((long)b * columns + prompts[b] + slot - (shift ? 1 : 0));
        }
        var mask = AttentionMasks.Of(attention, ids, sizes, prompts, newline, device); // (B, N) or (B, N, N)
        var wanted = tensor(rows.ToArray(), [rows.Count], device: device); // (R)
        var hidden = model.HiddenRows(tensor(ids, [batch, columns], device: device), mask, wanted, new CanvasParts(sizes, prompts)); // (R, d)
        if (device.type != TorchSharp.DeviceType.CPU) cuda.synchronize(device); // so that the clock sees the work
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Argmax and log-probability of each row without the whole log-softmax: log p = max - logsumexp.</summary>
    List<CanvasRows> Project(Tensor hidden, List<CanvasRequest> group)
    {
        using var scope = NewDisposeScope();
        var logits = model.Logits(hidden); // (R, V)
        logits.narrow(1, specials.Mask, 1).fill_(float.NegativeInfinity); // M is never emitted
        var (max, argmax) = logits.max(1); // (R), the first of equals
        float[] best = max.cpu().data<float>().ToArray(), normalizers = logits.logsumexp(1).cpu().data<float>().ToArray();
        long[] tokens = argmax.cpu().data<long>().ToArray();
        RequireNumbers(normalizers, "model's");
        bool copied = group.Exists(r => r.WantsLogits);
        if (copied)
        {
            if (buffer.Length < logits.numel()) buffer = new float[logits.numel()];
            logits.cpu().data<float>().CopyTo(buffer);
        }
        var predictions = new List<CanvasRows>(group.Count);
        int row = 0;
        foreach (var request in group)
        {
            var rows = new CanvasRows(request.Rows.Length);
            if (request.WantsLogits) rows.Logits = buffer.AsMemory(row * VocabularySize, rows.Tokens.Length * VocabularySize);
            for (int r = 0; r < rows.Tokens.Length; r++, row++)
            {
                rows.Tokens[r] = (int)tokens[row];
                rows.Scores[r] = best[row] - normalizers[row];
                rows.LogNormalizers[r] = normalizers[row];
            }
            predictions.Add(rows);
        }
        return predictions;
    }

    long[] Padded(int batch, int columns)
    {
        var ids = new long[batch * columns];
        Array.Fill(ids, Math.Max(0, specials.Pad)); // a model without padding is never shown it: attention ends before
        return ids;
    }

    static void Put(int[] tokens, long[] ids, int at)
    {
        for (int i = 0; i < tokens.Length; i++) ids[at + i] = tokens[i];
    }

    static void RequireNumbers(float[] values, string whose)
    {
        foreach (float value in values)
            if (!float.IsFinite(value)) throw new InvalidOperationException($"The {whose} output is not finite: its weights can't be used.");
    }
}
