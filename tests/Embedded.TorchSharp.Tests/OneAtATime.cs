// torch's default generator is one for the whole process, as in PyTorch: a test that seeds it must be the only one that draws.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
