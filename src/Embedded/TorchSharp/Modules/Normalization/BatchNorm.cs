using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Batch normalisation (Ioffe and Szegedy 2015) over (N, C, ..).</summary>
public abstract class BatchNorm : NormBase
{
    public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        double factor = momentum ?? 0;
        if (training && num_batches_tracked is not null)
        {
            num_batches_tracked.add_(1L);
            factor = momentum ?? 1 / num_batches_tracked.ToDouble();
        }
        bool byBatch = training || (running_mean is null && running_var is null), stats = !training || track_running_stats;
        return nn.functional.batch_norm(input, stats ? running_mean : null, stats ? running_var : null, weight, bias, byBatch, factor, eps);
    }
}
