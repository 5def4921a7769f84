using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// A prompt, and what its items have in common whatever their ids: the predicted lengths, the canvases that their slots have been in, and
/// the candidates that no draw enters, which are one response for all of them.
/// </summary>
/// <param name="item">One of its items, of which the prompt and its holes count.</param>
internal sealed class SharedPrompt(SampleItem item)
{
    Dictionary<CanvasState, CanvasMemo> _memos = [];
    int _running;

    /// <summary>One of its items, of which the prompt and its holes count.</summary>
    public SampleItem Item => item;

    /// <summary>(C) the length predictor's logits, once known.</summary>
    public float[]? LengthLogits { get; set; }

    /// <summary>The length predictor's time.</summary>
    public double LengthSeconds { get; set; }

    /// <summary>The candidates that no draw enters, on their way or done.</summary>
    public Dictionary<(SamplerSettings Sampler, int Length, int Candidate), Candidate> Candidates { get; } = [];

    /// <summary>Tokens of the prompt and of <see cref="Candidates"/>.</summary>
    public long Tokens => item.PromptIds.Length + Candidates.Keys.Sum(k => (long)k.Length);

    /// <summary>As many of them as its <see cref="PromptTable"/> has counted.</summary>
    public long Counted { get; set; }

    /// <summary>The states that its items' slots have been in.</summary>
    public CanvasMemo Memo(CanvasState state) => _memos.TryGetValue(state, out var memo) ? memo : _memos[state] = new CanvasMemo(state);

    /// <summary>Counts a trajectory that sets out.</summary>
    public void Begin() => _running++;

    /// <summary>Counts one that has arrived; with the last of them the canvases go.</summary>
    public void End()
    {
        if (--_running == 0) _memos = [];
    }
}
