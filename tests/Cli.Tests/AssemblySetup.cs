// They wait for processes and storage more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
