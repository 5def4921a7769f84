using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.Diffusion.Scores;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// A masked language model as the sampler's p(x_0 | x_t). Only the wanted rows pass the vocabulary projection, a bounded number at a time.
/// </summary>
internal sealed class TorchDenoiser : IDenoiser
{
    /// <summary>Logits held at once (64 MiB), though never less than one canvas's.</summary>
    const long LogitsAtOnce = 1 << 24;

    readonly LanguageModel _model;
    readonly LengthPredictor? _lengths;
    readonly SpecialTokens _specials;
    readonly AttentionKind _attention;
    readonly bool _shift;
    readonly int _newline, _blockLength;
    readonly PassesBehind _behind;
    readonly TimeProvider _time;
    readonly Device _device;
    readonly KeptPasses _keptPasses;
    float[] _buffer = [];

    /// <summary>Turns the model (and the predictor) to evaluation: nothing is dropped.</summary>
    public TorchDenoiser(LanguageModel model, LengthPredictor? lengths, SpecialTokens specials, AttentionKind attention, bool shift,
        int newline, TimeProvider time, int blockLength = 0)
    {
        (_model, _lengths, _specials, _attention, _shift, _newline, _time) = (model, lengths, specials, attention, shift, newline, time);
        _blockLength = blockLength;
        _behind = new PassesBehind(model, specials, attention, shift, blockLength);
        model.eval();
        lengths?.eval();
        _device = model.Device;
        _keptPasses = new KeptPasses(model, specials, attention, shift, newline);
    }

    /// <inheritdoc/>
    public int VocabularySize => _model.VocabularySize;

    /// <inheritdoc/>
    public int UsablePositions => _model.UsablePositions;

    /// <inheritdoc/>
    public bool PredictsLengths => _lengths is not null;

    /// <inheritdoc/>
    public int Eos => _specials.Eos;

    /// <inheritdoc/>
    public bool IsFastAtBfloat16 => FastBfloat16.On(_device);

    /// <inheritdoc/>
    public bool KeepsPrompts => _model.KeepsKeys
        && (_attention == AttentionKind.Prefix || (_attention == AttentionKind.Causal && _blockLength <= 1));

    /// <inheritdoc/>
    public ScoreDiffusion? Diffusion => (_model as Sedd)?.Diffusion;

    /// <summary>The same network as a model of the token after a sequence.</summary>
    public SequenceModel? NextToken { get; init; }

    /// <inheritdoc/>
    public ISequences Sequences(int columns, (bool Keeps, bool Rounds) kind)
    {
        if (NextToken is not { } next) throw new NotSupportedException("This model doesn't predict the token after a sequence.");
        next = next with { Rounds = kind.Rounds };
        return kind.Keeps && _model.KeepsKeys ? new CachedSequences(next, columns) : new RecomputedSequences(next, columns);
    }

    /// <inheritdoc/>
    public void End()
    {
        _model.ComputesRounded = false;
        _behind.End();
    }

    /// <inheritdoc/>
    public CanvasShape ShapeOf(int prompt, int tokens, (int From, int To)? block = null) =>
        block is { } current && !_model.Config.Family.IsEncoderDecoder ? _behind.ShapeOf(current)
        : _model.Config.Family.IsEncoderDecoder ? CanvasShape.Split(prompt, tokens - prompt) : CanvasShape.Joint(tokens);

    /// <inheritdoc/>
    public void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long started = _time.GetTimestamp();
        _model.ComputesRounded = requests[0].Kind.Rounds;
        int[] asked = [.. Enumerable.Range(0, requests.Count).SelectMany(i => Enumerable.Repeat(i, requests[i].Kind.Passes))];
        requests = [.. asked.Select((i, k) => k > 0 && asked[k - 1] == i ? Unconditional(requests[i]) : requests[i])];
        var groups = Groups(requests);
        var (hidden, kept) = Hidden(requests, groups); // (R, d)
        double bodySeconds = _time.GetElapsedTime(started).TotalSeconds, tokens = requests.Sum(r => (long)r.Length);
        bool IsUnconditional(int i) => i > 0 && asked[i - 1] == asked[i];
        foreach (var group in groups)
        {
            started = _time.GetTimestamp();
            var predicted = Project(hidden.narrow(0, group.Row, group.PaddedRows), requests, group);
            double projectionSeconds = _time.GetElapsedTime(started).TotalSeconds;
            for (int c = 0; c < predicted.Length; c++)
            {
                var request = requests[group.First + c];
                if (IsUnconditional(group.First + c)) continue;
                if (kept.Length > 0) predicted[c].Kept = kept[group.First + c];
                predicted[c].Seconds = request.Kind.Passes
                    * (bodySeconds * request.Length / tokens + projectionSeconds * request.Rows.Length / group.Rows);
                deliver(asked[group.First + c], predicted[c]);
            }
        }
    }

    /// <summary>The same canvas with its prompt masked, which stands behind it in a guided batch.</summary>
    CanvasRequest Unconditional(CanvasRequest request)
    {
        var prompt = new int[request.Prompt.Length];
        Array.Fill(prompt, _specials.Mask);
        return request with { Prompt = prompt };
    }

    /// <inheritdoc/>
    public float[][] PredictLengths(IReadOnlyList<int[]> prompts)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _model.ComputesRounded = false;
        int columns = CanvasShape.Padded(prompts.Max(p => p.Length));
        var ids = Padded(prompts.Count, columns);
        for (int b = 0; b < prompts.Count; b++) Put(prompts[b], ids, b * columns);
        int[] sizes = [.. prompts.Select(p => p.Length)];
        var parts = CanvasParts.PromptsOnly(sizes) with { Shape = new CanvasShape(columns, 0) };
        var hidden = _model.Hidden(tensor(ids, [prompts.Count, columns], device: _device),
            AttentionMasks.Of(_attention, ids, sizes, sizes, _newline, _device, blockLength: _blockLength), parts: parts); // (B, P, d)
        var present = tensor(AttentionMasks.Tokens(sizes, columns), [prompts.Count, columns], device: _device);
        float[] logits = _lengths!.Logits(hidden, present).cpu().data<float>().ToArray(); // (B, C)
        RequireNumbers(logits, "length predictor's");
        return [.. logits.Chunk(logits.Length / prompts.Count)];
    }

    /// <summary>
    /// Splits a batch where its logits would be too many to hold at once. Rows are padded to whole multiples, as canvases are.
    /// </summary>
    List<RowGroup> Groups(IReadOnlyList<CanvasRequest> requests)
    {
        var groups = new List<RowGroup>();
        for (int from = 0, row = 0; from < requests.Count;)
        {
            int to = from, rows = 0;
            // A guided canvas and its unconditional half stay together.
            while (to < requests.Count
                && (to == from || (long)(rows + requests[to].Kind.Passes * requests[to].Rows.Length) * VocabularySize <= LogitsAtOnce))
                for (int half = requests[to].Kind.Passes; half > 0; half--) rows += requests[to++].Rows.Length;
            var group = new RowGroup(from, to - from, row, rows);
            groups.Add(group);
            row += group.PaddedRows;
            from = to;
        }
        return groups;
    }

    /// <summary>
    /// The hidden states at the wanted slots of all canvases, group by group and canvas by canvas, and of passes that keep keys and values
    /// each canvas's. // (R, d)
    /// </summary>
    (Tensor Hidden, IKeptKeys[] Kept) Hidden(IReadOnlyList<CanvasRequest> requests, List<RowGroup> groups)
    {
        int[] firstRows = FirstRows(requests, groups);
        int totalRows = groups[^1].Row + groups[^1].PaddedRows;
        if (requests[0].Kind.Keeps) return _keptPasses.Of(requests, firstRows, totalRows);
        bool isBehind = requests[0].Current is not null && !_model.Config.Family.IsEncoderDecoder;
        var hidden = isBehind ? _behind.Of(requests, firstRows, totalRows) : Whole(requests, firstRows, totalRows);
        if (_device.type != TorchSharp.DeviceType.CPU) cuda.synchronize(_device); // so that the clock sees the work
        return (hidden, []);
    }

    /// <summary>The states of passes over whole canvases. // (R, d)</summary>
    Tensor Whole(IReadOnlyList<CanvasRequest> requests, int[] firstRows, int totalRows)
    {
        using var scope = NewDisposeScope();
        var shape = ShapeOf(requests[0].Prefix, requests[0].Length);
        int batch = requests.Count, columns = shape.Columns;
        var ids = Padded(batch, columns);
        var (sizes, prompts) = (new int[batch], new int[batch]);
        var rows = new long[totalRows]; // what pads them is any row
        for (int b = 0; b < batch; b++)
        {
            var request = requests[b];
            (sizes[b], prompts[b]) = (request.Length, request.Prefix);
            Put(request.Tokens(_specials.Eos), ids, b * columns);
            int row = firstRows[b];
            foreach (int slot in request.Rows)
                rows[row++] = (long)b * columns + Math.Max(0, request.PositionOf(slot) - (_shift ? 1 : 0));
        }
        int block = requests[0].Kind.BlockLength;
        var mask = block > 0
            ? AttentionMasks.Of(AttentionKind.Causal, ids, sizes, prompts, device: _device, blockLength: block)
            : AttentionMasks.Of(_attention, ids, sizes, prompts, _newline, _device, blockLength: _blockLength); // (B, N) or (B, N, N)
        var wanted = tensor(rows, [rows.Length], device: _device); // (R)
        var hidden = _model.HiddenRows(tensor(ids, [batch, columns], device: _device), mask, wanted, new CanvasParts(sizes, prompts)
        {
            Shape = shape,
            Sigmas = requests[0].Sigma is null ? null : [.. requests.Select(r => r.Sigma!.Value)],
        }); // (R, d)
        return hidden.MoveToOuterDisposeScope();
    }

    // Where each canvas's rows begin.
    static int[] FirstRows(IReadOnlyList<CanvasRequest> requests, List<RowGroup> groups)
    {
        var firstRows = new int[requests.Count];
        foreach (var group in groups)
            for (int b = group.First, row = group.Row; b < group.First + group.Count; row += requests[b++].Rows.Length) firstRows[b] = row;
        return firstRows;
    }

    /// <summary>Argmax and log-probability of each row without the whole log-softmax: log p = max - logsumexp.</summary>
    CanvasRows[] Project(Tensor hidden, IReadOnlyList<CanvasRequest> requests, RowGroup group)
    {
        using var scope = NewDisposeScope();
        var logits = _model.Logits(hidden).to(ScalarType.Float32); // (R, V)
        int padded = (int)logits.size(0);
        bool scores = requests[group.First].Sigma is not null;
        if (scores) logits = Scores(logits, requests, group);
        for (int c = 0, row = 0; c < group.Count; c++)
        {
            var request = requests[group.First + c];
            int rows = request.Rows.Length;
            if (request.Kind.Guidance > 0)
            {
                // u + (w + 1)(c - u); M's logit, whatever it comes to, is set to -inf below.
                double w = request.Kind.Guidance;
                logits.narrow(0, row, rows).mul_(w + 1).sub_(logits.narrow(0, row + rows, rows) * w);
            }
            if (request.Kind.ForbidsEos && _specials.Eos >= 0)
                logits.narrow(0, row, rows).narrow(1, _specials.Eos, 1).fill_(float.NegativeInfinity);
            c += request.Kind.Passes - 1; // a guided canvas's unconditional half is behind it
            row += request.Kind.Passes * rows;
        }
        var (tokens, best, normalizers) = (new int[padded], new float[padded], new float[padded]);
        RowSummary.Of(logits, scores ? -1 : _specials.Mask, tokens, best, normalizers); // M is never emitted
        RequireNumbers(normalizers, "model's");
        var predictions = new CanvasRows[group.Count];
        bool copied = false;
        for (int c = 0; c < predictions.Length; c++) copied |= requests[group.First + c].WantsLogits;
        if (copied)
        {
            if (_buffer.Length < logits.numel()) _buffer = new float[logits.numel()];
            logits.cpu().data<float>().CopyTo(_buffer);
        }
        for (int c = 0, row = 0; c < predictions.Length; c++)
        {
            var request = requests[group.First + c];
            var rows = predictions[c] = new CanvasRows(request.Rows.Length);
            if (request.WantsLogits) rows.Logits = _buffer.AsMemory(row * VocabularySize, rows.Tokens.Length * VocabularySize);
            for (int r = 0; r < rows.Tokens.Length; r++, row++)
            {
                rows.Tokens[r] = tokens[row];
                rows.Scores[r] = best[row] - normalizers[row];
                rows.LogNormalizers[r] = normalizers[row];
            }
        }
        return predictions;
    }

    /// <summary>log s of rows of logits.</summary>
    Tensor Scores(Tensor logits, IReadOnlyList<CanvasRequest> requests, RowGroup group)
    {
        var (current, sigmas) = (new long[group.PaddedRows], new double[group.PaddedRows]);
        Array.Fill(sigmas, 1); // any, for the rows that pad
        for (int c = group.First, row = 0; c < group.First + group.Count; c++)
            foreach (int slot in requests[c].Rows) (current[row], sigmas[row++]) = (requests[c].Slots[slot], requests[c].Sigma!.Value);
        return ((Sedd)_model).LogScores(logits, current, sigmas);
    }

    long[] Padded(int batch, int columns)
    {
        var ids = new long[batch * columns];
        Array.Fill(ids, Math.Max(0, _specials.Pad)); // a model without padding is never shown it: attention ends before
        return ids;
    }

    static void Put(int[] tokens, long[] ids, int at)
    {
        for (int i = 0; i < tokens.Length; i++) ids[at + i] = tokens[i];
    }

    internal static void RequireNumbers(ReadOnlySpan<float> values, string whose)
    {
        foreach (float value in values)
            if (!float.IsFinite(value))
                throw new InvalidOperationException($"The {whose} output is not finite: its weights can't be used.");
    }

    /// <summary>Canvases whose logits are computed together.</summary>
    /// <param name="First">The first canvas.</param>
    /// <param name="Count">Canvases.</param>
    /// <param name="Row">Where their rows begin among all hidden states.</param>
    /// <param name="Rows">Their rows.</param>
    readonly record struct RowGroup(int First, int Count, int Row, int Rows)
    {
        /// <summary>Their rows with those that pad them.</summary>
        public int PaddedRows => CanvasShape.PaddedRows(Rows);
    }
}
