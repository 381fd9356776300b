using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Snapshots.Grains.Tests;

public sealed class SnapshotApplicationsTests
{
    [Fact]
    public void Two_grain_classes_of_one_application_are_refused_by_their_names()
    {
        var refused = Assert.Throws<OrleansConfigurationException>(Of(typeof(First), typeof(Second), typeof(Other)).ValidateConfiguration);
        Assert.StartsWith(
            "The application 'twice' has more than one grain class: Snapshots.Grains.Tests.SnapshotApplicationsTests+First and "
                + "Snapshots.Grains.Tests.SnapshotApplicationsTests+Second.",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Applications_with_one_class_each_are_hosted()
    {
        var applications = Of(typeof(First), typeof(Other), typeof(string));
        applications.ValidateConfiguration();
        Assert.Equal(["other", "twice"], applications.Names);
    }

    /// <summary>So a class that is renamed finds the state of its processes.</summary>
    [Fact]
    public void The_grain_type_is_the_applications_name_whatever_the_class_is_called()
    {
        Orleans.Metadata.IGrainTypeProviderAttribute attribute = new SnapshotProcessAttribute("twice");
        Assert.Equal(GrainType.Create("twice"), attribute.GetGrainType(Given.Services, typeof(First)));
        Assert.Equal(GrainType.Create("named"), attribute.GetGrainType(Given.Services, typeof(Other)));
    }

    private static SnapshotApplications Of(params Type[] classes)
    {
        var options = new GrainTypeOptions();
        options.Classes.UnionWith(classes);
        return new(Options.Create(options));
    }

    [SnapshotProcess("twice")]
    private static class First;

    [SnapshotProcess("twice")]
    private static class Second;

    [GrainType("named")]
    [SnapshotProcess("other")]
    private static class Other;
}
