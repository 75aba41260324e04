using Cnn.Graph.Runtime;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Cnn.Graph.Tests.Support;

/// <summary>Tests that need a device: a category of their own, skipped with the reason where a network cannot run on it.</summary>
internal abstract class NeedsDeviceAttribute(string category, Device device) : NUnitAttribute, IApplyToTest
{
    private static readonly Lazy<IReadOnlyList<DeviceReport>> Reports = new(Devices.List);

    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, category);
        if (test.RunState == RunState.Runnable && Reports.Value.Single(d => d.Device == device).Reason is { } reason)
        {
            test.RunState = RunState.Skipped;
            test.Properties.Set(PropertyNames.SkipReason, $"skipped: {reason}");
        }
    }
}
