namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>The rates multiplied with each epoch by a function of it.</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    readonly Func<int, double>[] factors;

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        ArgumentNullException.ThrowIfNull(lr_lambdas);
                        factors = [.. lr_lambdas];
                        step();
                    }

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, (optimizer ?? throw new ArgumentNullException(nameof(optimizer))).ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    protected override IEnumerable<double> get_lr() => epoch > 0 ? Rates.Select((rate, i) => rate * factors[i](epoch)) : Rates;
                }
            }
        }
    }
}
