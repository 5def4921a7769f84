namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>The first rates times a function of the epoch.</summary>
                public class LambdaLR : LRScheduler
                {
                    readonly Func<int, double>[] factors;

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        ArgumentNullException.ThrowIfNull(lr_lambdas);
                        factors = [.. lr_lambdas];
                        step();
                    }

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, (optimizer ?? throw new ArgumentNullException(nameof(optimizer))).ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    protected override IEnumerable<double> get_lr() => baseRates.Select((rate, i) => rate * factors[i](epoch));
                }
            }
        }
    }
}
