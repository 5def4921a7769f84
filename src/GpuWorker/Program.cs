return await DiffusionBatch.GpuWorker.Hosting.WorkerCommand.RunAsync(args);
