using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, algorithm 2) with clipping, by libtorch's fused kernel: one pass over each parameter for all
/// of it. TorchSharp's own optimizer takes a dozen operations a parameter; it has no door to that kernel but TorchScript.
/// </summary>
sealed class AdamW : IDisposable
{
    const string Update = "update";

    // Clipping divides by max(1, norm / bound), the kernel's own way to scale gradients, and leaves them so.
    const string Script = """

        def update(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], count: Tensor,
                   rate: float, beta1: float, beta2: float, epsilon: float, decay: float, bound: float):
            counts = [count for _ in range(len(parameters))]
            scale: Optional[Tensor] = None
            if bound > 0:
                norm = torch.norm(torch.stack(torch._foreach_norm(gradients)))
                scale = torch.clamp((norm + 1e-6) / bound, min=1.0)
            torch._fused_adamw_(parameters, gradients, means, squares, [], counts, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay,
                                eps=epsilon, amsgrad=False, maximize=False, grad_scale=scale)
            return 0

        """;

    static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Script));

    readonly TrainingSettings settings;
    readonly Parameter[] parameters;
    readonly Tensor count;

    /// <summary>Begins with moments of 0.</summary>
    /// <param name="parameters">What is trained, in float32.</param>
    /// <param name="settings">Decay rates, epsilon, weight decay and the norm that gradients are clipped to.</param>
    public AdamW(IEnumerable<Parameter> parameters, TrainingSettings settings)
    {
        (this.parameters, this.settings) = ([.. parameters], settings);
        Means = [.. this.parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
        Squares = [.. this.parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
        count = zeros(1, device: this.parameters[0].device).DetachFromDisposeScope();
    }

    /// <summary>The gradients' decaying means, a tensor a parameter.</summary>
    public IReadOnlyList<Tensor> Means { get; }

    /// <summary>The decaying means of the gradients' squares, a tensor a parameter.</summary>
    public IReadOnlyList<Tensor> Squares { get; }

    /// <summary>
    /// Clips the gradients and updates the parameters that have one: one without isn't touched, so it doesn't decay either.
    /// </summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="number">The update's number, counted from 1, by which the moments' bias is corrected.</param>
    public void Step(double rate, long number)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var reached = new List<int>(parameters.Length);
        var gradients = new List<Tensor>(parameters.Length);
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].grad is not { } gradient) continue;
            reached.Add(i);
            gradients.Add(gradient);
        }
        if (reached.Count == 0) return;
        Tensor[] Of(IReadOnlyList<Tensor> all) => [.. reached.Select(i => all[i])];
        count.fill_((double)number);
        Compiled.Value.invoke(Update, Of(parameters), gradients.ToArray(), Of(Means), Of(Squares), count,
            rate, settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay, settings.ClipNorm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. Means, .. Squares, count]) tensor.Dispose();
    }
}
