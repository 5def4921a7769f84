namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rates by gamma every so many epochs.</summary>
                public class StepLR : LRScheduler
                {
                    readonly int size;
                    readonly double gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        size = step_size;
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 || epoch % size != 0 ? Rates : Rates.Select(r => r * gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => r * Math.Pow(gamma, epoch / size));
                }
            }
        }
    }
}
