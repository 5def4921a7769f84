using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Lengths;

/// <summary>
/// Predicts the response's length from the backbone's last hidden states of the prompt alone (reference A.6): PyTorch's default
/// post-LayerNorm TransformerEncoderLayer (ReLU), the mean over the prompt's tokens, Linear, tanh, Linear. Class c stands for
/// c + 1 masked slots, that is c + 2 tokens with the closing <c>&lt;/s&gt;</c>.
/// </summary>
public sealed class LengthPredictor : NamedParameterModule
{
    /// <summary>The file's name inside a checkpoint folder.</summary>
    public const string FileName = "length_predictor.safetensors";

    /// <summary>The highest learning rate of its training.</summary>
    public const double LearningRate = 1e-3;

    /// <summary>PyTorch's default for the encoder layer.</summary>
    const double Dropout = 0.1, Epsilon = 1e-5;

    const string Layer = "length_trm.layers.0";
    readonly Parameter _inWeight, _inBias;
    readonly Affine _attentionOutput, _linear1, _linear2, _first, _second;
    readonly Norm _norm1, _norm2;
    readonly int _heads;
    readonly Models.Layers.Dropout _masks = new();

    /// <summary>Creates the predictor of a backbone with uninitialised weights.</summary>
    /// <param name="config">The backbone's configuration: its width, heads, feed-forward size and positions.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    public LengthPredictor(ModelConfig config, Device? device = null)
        : base("length_predictor", Layout(config), device)
    {
        _heads = config.Heads;
        _inWeight = Named[Layer + ".self_attn.in_proj_weight"];
        _inBias = Named[Layer + ".self_attn.in_proj_bias"];
        _attentionOutput = new Affine(Named, Layer + ".self_attn.out_proj");
        (_linear1, _linear2) = (new Affine(Named, Layer + ".linear1"), new Affine(Named, Layer + ".linear2"));
        (_norm1, _norm2) = (new Norm(Named, Layer + ".norm1", Epsilon), new Norm(Named, Layer + ".norm2", Epsilon));
        (_first, _second) = (new Affine(Named, "length_predictor.0"), new Affine(Named, "length_predictor.2"));
        Classes = config.MaxPositionEmbeddings;
    }

    /// <summary>The number of classes: the backbone's max_position_embeddings.</summary>
    public int Classes { get; }

    /// <summary>The class of a response of so many tokens, its <c>&lt;/s&gt;</c> included: at least 0.</summary>
    public static int ClassOf(int responseTokens) => Math.Max(responseTokens, 2) - 2;

    /// <summary>The number of masked slots that a class stands for.</summary>
    public static int SlotsOf(int lengthClass) => lengthClass + 1;

    /// <summary>Has the next pass in training drop by masks of a stream of its own.</summary>
    /// <param name="stream">The stream, such as that of (seed, batch number).</param>
    public void DropFrom(CounterRandom stream) => _masks.Begin(stream);

    /// <summary>The logits over classes.</summary>
    /// <param name="hidden">The backbone's states of the prompt. // (B, P, d)</param>
    /// <param name="mask">True at the prompt's tokens. // (B, P) bool</param>
    /// <returns>// (B, max_position_embeddings)</returns>
    public Tensor Logits(Tensor hidden, Tensor mask)
    {
        using var scope = NewDisposeScope();
        long batch = hidden.shape[0], positions = hidden.shape[1], d = hidden.shape[2];
        var projected = F.linear(hidden, _inWeight, _inBias); // (B, P, 3d)
        var parts = projected.view(batch, positions, 3, _heads, d / _heads).unbind(2);
        Tensor Part(int part) => parts[part].transpose(1, 2); // (B, H, P, d_h)
        double share = training ? Dropout : 0;
        var context = Heads.Attend(Part(0), Part(1), Part(2), AttentionBias.Of(mask), _masks, share); // (B, P, d)
        var x = _norm1.Of(_masks.Add(hidden, _attentionOutput.Of(context), share));
        x = _norm2.Of(_masks.Add(x, _linear2.Of(_masks.Of(F.relu(_linear1.Of(x)), share)), share));
        var present = mask.to(float32).unsqueeze(2); // (B, P, 1)
        var mean = (x * present).sum(1) / present.sum(1); // (B, d)
        // A prompt's numbers don't depend on how many others there are: rows are a multiple of a vector's lanes.
        long rows = CanvasShape.PaddedRows((int)batch);
        if (!training && rows != batch) mean = cat([mean, mean.narrow(0, 0, 1).expand(rows - batch, -1)], 0);
        return _second.Of(_first.Of(mean).tanh()).narrow(0, 0, batch).MoveToOuterDisposeScope();
    }

    /// <summary>PyTorch's default initialisation of these layers, a function of <paramref name="seed"/> alone.</summary>
    public void Initialise(long seed)
    {
        using var quiet = no_grad();
        using var draws = new Generator((ulong)seed, Device); // Its own stream: the process-wide one is left alone.
        foreach (var (name, parameter) in Named)
        {
            if (name.Contains(".norm", StringComparison.Ordinal))
                parameter.fill_(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
            else if (name.Contains("self_attn", StringComparison.Ordinal) && name.EndsWith("bias", StringComparison.Ordinal))
                parameter.zero_();
            else
            {
                // A bias is drawn within its weight's bound; Xavier's bound for the joint projection, Kaiming's elsewhere.
                var weight = name.EndsWith("bias", StringComparison.Ordinal) ? Named[name[..^4] + "weight"] : parameter;
                double bound = name.EndsWith("in_proj_weight", StringComparison.Ordinal)
                    ? Math.Sqrt(6.0 / (weight.shape[0] + weight.shape[1]))
                    : 1 / Math.Sqrt(weight.shape[1]);
                parameter.uniform_(-bound, bound, draws);
            }
        }
    }

    /// <summary>The names and shapes of the parameters.</summary>
    public static IEnumerable<ParameterShape> Layout(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.HiddenSize, f = config.FeedForwardSize, classes = config.MaxPositionEmbeddings;
        yield return ParameterShape.Of(Layer + ".self_attn.in_proj_weight", 3 * d, d);
        yield return ParameterShape.Of(Layer + ".self_attn.in_proj_bias", 3 * d);
        foreach (var (name, rows, columns) in new[]
        {
            (Layer + ".self_attn.out_proj", d, d), (Layer + ".linear1", f, d), (Layer + ".linear2", d, f),
            (Layer + ".norm1", d, 0L), (Layer + ".norm2", d, 0L), ("length_predictor.0", f, d), ("length_predictor.2", classes, f),
        })
        {
            yield return columns == 0 ? ParameterShape.Of(name + ".weight", rows) : ParameterShape.Of(name + ".weight", rows, columns);
            yield return ParameterShape.Of(name + ".bias", rows);
        }
    }
}
