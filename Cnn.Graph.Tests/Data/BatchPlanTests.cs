using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class BatchPlanTests
{
    [TestCase(10, 3, 4, 1)]
    [TestCase(9, 3, 3, 3)]
    [TestCase(2, 64, 1, 2)]
    public void The_last_batch_holds_what_is_left(int samples, int size, int batches, int last)
    {
        var plan = new BatchPlan(samples, size);
        int[] sizes = [.. plan.Batches(0).Select(b => b.Length)];

        Assert.That(plan.BatchesPerEpoch, Is.EqualTo(batches));
        Assert.That(sizes, Has.Length.EqualTo(batches));
        Assert.That(sizes[..^1], Is.All.EqualTo(size));
        Assert.That(sizes[^1], Is.EqualTo(last));
    }

    [Test]
    public void File_order_counts_up_in_every_epoch() =>
        Assert.That(new BatchPlan(5, 2, SampleOrder.File, seed: 3).Samples(7).ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));

    [Test]
    public void Shuffled_epochs_hold_every_sample_once_in_orders_of_their_own()
    {
        var plan = new BatchPlan(1000, 64);

        Assert.That(plan.Samples(0).ToArray().Order(), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(plan.Samples(1).ToArray(), Is.Not.EqualTo(plan.Samples(0).ToArray()));
        Assert.That(new BatchPlan(1000, 64, seed: 1).Samples(0).ToArray(), Is.Not.EqualTo(plan.Samples(0).ToArray()));
    }

    [Test]
    public void The_order_of_a_seed_and_epoch_never_changes() => Assert.Multiple(() =>
    {
        Assert.That(new BatchPlan(10, 4).Samples(0).ToArray(), Is.EqualTo(new[] { 2, 3, 4, 1, 8, 7, 5, 9, 6, 0 }));
        Assert.That(new BatchPlan(10, 4, seed: 42).Samples(3).ToArray(), Is.EqualTo(new[] { 2, 8, 4, 0, 5, 9, 3, 1, 7, 6 }));
    });

    [Test]
    public void Resuming_within_an_epoch_goes_on_where_it_stopped()
    {
        var plan = new BatchPlan(10, 3, seed: 5);
        int[][] whole = [.. plan.Batches(2).Select(b => b.ToArray())];

        Assert.That(plan.Batches(2, firstBatch: 2).Select(b => b.ToArray()), Is.EqualTo(whole[2..]));
        Assert.That(plan.Batches(2, firstBatch: 4), Is.Empty);
        Assert.That(() => plan.Batches(2, firstBatch: 5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    public void Empty_plans_are_refused(int samples, int size) =>
        Assert.That(() => new BatchPlan(samples, size), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
