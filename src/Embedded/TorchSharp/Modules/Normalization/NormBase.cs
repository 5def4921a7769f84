using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What normalisations over a batch have in common: scale and shift a channel, running averages of mean and variance.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        componentsRegistered = true;
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = new Parameter(empty(num_features, dtype, device));
            bias = new Parameter(empty(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
        reset_parameters();
    }

    public long num_features { get; }

    public double eps { get; set; }

    /// <summary>How far the running averages move; null makes them plain averages over all batches.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public Parameter weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    } = null!;

    public Parameter? bias
    {
        get;
        set
        {
            field = value;
            Put(nameof(bias), value);
        }
    }

    public Tensor? running_mean
    {
        get;
        set
        {
            field = value;
            PutBuffer(nameof(running_mean), value);
        }
    }

    public Tensor? running_var
    {
        get;
        set
        {
            field = value;
            PutBuffer(nameof(running_var), value);
        }
    }

    /// <summary>Training batches seen, int64, no dimensions.</summary>
    public Tensor? num_batches_tracked
    {
        get;
        set
        {
            field = value;
            PutBuffer(nameof(num_batches_tracked), value);
        }
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    protected abstract void ValidateInputDimensions(Tensor input);
}
