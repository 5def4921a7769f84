using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel of each item by itself (Ulyanov et al. 2016): (N, C, ..) or (C, ..).</summary>
public abstract class InstanceNorm : NormBase
{
    public InstanceNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    /// <summary>How many dimensions an item has with its channels.</summary>
    protected abstract long GetNumberOfBatchDimensions();

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        int channels = (int)(input.ndim - GetNumberOfBatchDimensions());
        if (input.size(channels) != num_features)
            throw new ArgumentException($"expected input's size at dim={channels} to match num_features ({num_features}), but got: {input.size(channels)}.");
        if (channels > 0) return Normalize(input);
        using Tensor batch = input.unsqueeze(0), result = Normalize(batch);
        return result.squeeze(0);
    }

    Tensor Normalize(Tensor input) => nn.functional.instance_norm(input, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0.1, eps);
}
