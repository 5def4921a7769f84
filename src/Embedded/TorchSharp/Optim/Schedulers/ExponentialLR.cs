namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rates by gamma every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    readonly double gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 ? Rates : Rates.Select(r => r * gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => r * Math.Pow(gamma, epoch));
                }
            }
        }
    }
}
